export type PythonValue = string | number | bigint | boolean | null | PythonValue[] | { [key: string]: PythonValue };

interface Style {
  /** Characters beyond ASCII as `\uXXXX`. */
  ascii: boolean;
  sorted: boolean;
  separators: readonly [string, string];
}

/** `json.dumps(value)`, as `requests.post(json=…)` writes a body. */
export const pythonJson = (value: PythonValue): string =>
  dumps(value, { ascii: true, sorted: false, separators: [", ", ": "] });

/** `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))`, which Attendee signs. */
export const pythonSigned = (value: PythonValue): string =>
  dumps(value, { ascii: false, sorted: true, separators: [",", ":"] });

function dumps(value: PythonValue, style: Style): string {
  const [comma, colon] = style.separators;
  if (typeof value === "string") return quoted(value, style.ascii);
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`${value} is a float in Python`);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => dumps(each, style)).join(comma)}]`;
  const names = style.sorted ? Object.keys(value).toSorted(byCodePoint) : Object.keys(value);
  const fields = names.map((name) => `${quoted(name, style.ascii)}${colon}${dumps(value[name] ?? null, style)}`);
  return `{${fields.join(comma)}}`;
}

const short: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

const escaped = (char: string): string => short[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

function quoted(text: string, ascii: boolean): string {
  let inside = "";
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const code = text.charCodeAt(index);
    inside += char in short || code < 0x20 || (ascii && code > 0x7e) ? escaped(char) : char;
  }
  return `"${inside}"`;
}

// Python compares code points, JavaScript halves of them.
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [index, char] of left.entries()) {
    const difference = (char.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
