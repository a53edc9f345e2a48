/** One property: `DTSTART;TZID=Europe/Berlin:20260302T090000`. */
export interface IcsLine {
  name: string;
  value: string;
  /** By upper-case name; of several of one name the first. */
  parameters: Map<string, string>;
}

/** More than this of names and parameters is nobody's property. */
const mostHead = 4_000;

/** The name that a line begins with, in upper case, without reading the rest of it. */
export function nameOf(line: string): string {
  const end = line.slice(0, 100).search(/[;:]/);
  return end < 0 ? "" : line.slice(0, end).trim().toUpperCase();
}

/** A line in its parts; null where it has no value. A quote that is never closed is a character like any other. */
export function readLine(line: string): IcsLine | null {
  return splitAt(line, true) ?? splitAt(line, false);
}

function splitAt(line: string, quotes: boolean): IcsLine | null {
  const parts: string[] = [];
  let begin = 0;
  let isQuoted = false;
  const end = Math.min(line.length, mostHead);
  for (let at = 0; at < end; at += 1) {
    const character = line.charAt(at);
    if (character === '"' && quotes) isQuoted = !isQuoted;
    if (isQuoted || (character !== ";" && character !== ":")) continue;
    parts.push(line.slice(begin, at));
    begin = at + 1;
    if (character === ":") return { name: nameOf(line), value: line.slice(begin), parameters: named(parts.slice(1)) };
  }
  return null;
}

/** Shared by the many lines without any. */
const none: Map<string, string> = new Map();

function named(parts: string[]): Map<string, string> {
  if (parts.length === 0) return none;
  const parameters = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim().toUpperCase();
    if (equals > 0 && !parameters.has(name)) parameters.set(name, withoutQuotes(part.slice(equals + 1)));
  }
  return parameters;
}

const withoutQuotes = (value: string) =>
  value
    .replaceAll('"', "")
    .replace(/\^(['n^])/g, (_, mark: string) => (mark === "n" ? "\n" : mark === "'" ? '"' : "^"))
    .trim();

/** A text value as it was before it was escaped, of at most so many characters. */
export const unescaped = (value: string, most: number): string =>
  value.slice(0, most).replace(/\\([\\;,:"nN])/g, (_, mark: string) => (mark === "n" || mark === "N" ? "\n" : mark));
