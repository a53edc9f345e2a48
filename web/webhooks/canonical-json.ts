// It is made before the signature is known to be right, so a stranger's text must cost little.
const mostValues = 10_000;

/** A value's text in the source, where it is no object; without it, a number may have lost digits or a ".0". */
interface Source {
  source?: string;
}

/**
 * A JSON text as Attendee signs it: keys sorted by code point, no spaces, characters unescaped, numbers as they were
 * written. Null: no JSON, of too many values, nested beyond reading, or with half a character, which Python cannot encode
 * and so never signs.
 * Source: `sign_payload` in attendee-labs/attendee `bots/webhook_utils.py`, which is Python's
 * `json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`.
 */
export function canonicalJson(text: string): string | null {
  let values = 0;
  // A reviver sees what is inside before what holds it: each value becomes its canonical text.
  const revive = (_name: string, value: unknown, context?: Source): string => {
    values += 1;
    if (values > mostValues) throw new RangeError("Too many values");
    return rewrite(value, context);
  };
  try {
    return JSON.parse(text, revive) as string;
  } catch {
    return null;
  }
}

function rewrite(value: unknown, context: Source | undefined): string {
  if (typeof value === "number") return sourceOf(context);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.join(",")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value as Record<string, string>).map(([name, each]) => ({
    order: Buffer.from(name),
    text: `${quoted(name)}:${each}`,
  }));
  fields.sort((a, b) => Buffer.compare(a.order, b.order));
  return `{${fields.map(({ text }) => text).join(",")}}`;
}

function sourceOf(context: Source | undefined): string {
  if (context?.source === undefined) throw new SyntaxError("A number without its text");
  return context.source;
}

// Both languages escape the same: quote, backslash and what is below U+0020, five of those by a letter.
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new SyntaxError("Half a character");
  return JSON.stringify(text);
}
