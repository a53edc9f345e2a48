/**
 * A JSON text as Attendee signs it: keys sorted by code point, no spaces, characters unescaped, numbers as they were
 * written. Null: no JSON, nested beyond reading, or with half a character, which Python cannot encode and so never signs.
 * Source: `sign_payload` in attendee-labs/attendee `bots/webhook_utils.py`, which is Python's
 * `json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`.
 */
export function canonicalJson(text: string): string | null {
  try {
    return JSON.parse(text, rewrite) as string;
  } catch {
    return null;
  }
}

/** A reviver, which sees what is inside before what holds it: each value becomes its canonical text. */
function rewrite(_key: string, value: unknown, context?: { source?: string }): string {
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

// The number itself may have lost digits, or a ".0" that the signer wrote.
function sourceOf(context: { source?: string } | undefined): string {
  if (context?.source === undefined) throw new SyntaxError("A number without its text");
  return context.source;
}

// Both languages escape the same: quote, backslash and what is below U+0020, five of those by a letter.
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new SyntaxError("Half a character");
  return JSON.stringify(text);
}
