const LEVELS: Record<number, string> = { 40: "warning: ", 50: "error: ", 60: "fatal: " };
const COLOURS = [36, 33, 35, 32, 34, 31];
const colourOf = new Map<string, number>();

export type Log = (name: string, line: string) => void;

/** Writes a line as `[name] line`. What pino wrote as JSON is shortened to what a person at a terminal needs. */
export const log: Log = (name, line) => {
  process.stdout.write(`${prefix(name)} ${readable(line)}\n`);
};

function prefix(name: string) {
  if (!process.stdout.isTTY) return `[${name}]`;
  const colour = colourOf.get(name) ?? COLOURS[colourOf.size % COLOURS.length] ?? 0;
  colourOf.set(name, colour);
  return `\u001B[${colour}m[${name}]\u001B[0m`;
}

function readable(line: string) {
  if (!line.startsWith('{"level":')) return line;
  try {
    const entry = JSON.parse(line) as { level: number; msg?: string; err?: { message?: string; stack?: string } };
    const cause = entry.level >= 50 ? (entry.err?.stack ?? entry.err?.message) : entry.err?.message;
    return `${LEVELS[entry.level] ?? ""}${entry.msg ?? ""}${cause ? ` (${cause})` : ""}`;
  } catch {
    return line;
  }
}
