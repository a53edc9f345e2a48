// Our own processes number them, Temporal's server says them.
const LEVELS: Record<string | number, string> = {
  40: "warning: ",
  50: "error: ",
  60: "fatal: ",
  error: "error: ",
  fatal: "fatal: ",
};
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

interface LogEntry {
  level: number | string;
  msg?: string;
  err?: LoggedError;
  /** Temporal's own lines call it so. */
  error?: LoggedError | string;
  [field: string]: unknown;
}
interface LoggedError {
  type?: string;
  message?: string;
  code?: string | number;
  stack?: string;
}

/** What every line has, and the process' name before it tells already. */
const common = ["level", "time", "ts", "pid", "hostname", "name", "msg", "err", "error"];
/** Where in Temporal's server a line was written. */
const place = ["logging-call-at", "stacktrace", "component", "service"];
const left = new Set([...common, ...place]);
const longest = 200;

/** `message key=value … (error)`; whatever is not such JSON stays as it is. */
export function readable(line: string): string {
  if (!line.startsWith('{"level":')) return line;
  try {
    const entry = JSON.parse(line) as LogEntry;
    const fields = Object.entries(entry).flatMap(([key, value]) => fieldOf(key, value));
    const words = [`${LEVELS[entry.level] ?? ""}${entry.msg ?? ""}`, ...fields].join(" ");
    const told = errorOf(entry.err ?? entry.error, entry.level);
    return told === "" ? words : `${words} (${told})`;
  } catch {
    return line;
  }
}

function fieldOf(key: string, value: unknown): string[] {
  if (left.has(key) || value === null || value === undefined) return [];
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return [`${key}=${/^[^\s"=]+$/.test(cut) ? cut : JSON.stringify(cut)}`];
}

function errorOf(error: LoggedError | string | undefined, level: number | string): string {
  if (typeof error === "string") return error;
  if (Number(level) >= 50 && error?.stack) return error.stack;
  const type = error?.type === "Error" ? undefined : error?.type;
  const kind = [type, error?.code].filter((part) => part !== undefined).join(" ");
  return [kind, error?.message].filter(Boolean).join(": ");
}
