import { pino } from "pino";
import type { Logger } from "pino";

/** The log of a process, in which errors are told without what they carry along. */
export const createLog = (
  { name, level }: { name: string; level: string },
  destination?: { write: (line: string) => void },
): Logger => pino({ name, level, serializers: { err: loggedError, error: loggedError } }, destination);

const MOST_CAUSES = 5;

interface LoggedError {
  type: string;
  message: string;
  code?: string | number;
  status?: string | number;
  stack?: string;
  cause?: LoggedError;
  errors?: LoggedError[];
}

/**
 * What logs tell of an error: its kind, words, code and origin. Never its other properties, where libraries keep
 * requests, headers, bodies, SQL and rows; and of its words not what they quote.
 */
function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an error" };
  const { code, status } = error as { code?: unknown; status?: unknown };
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [];
  const goesOn = depth < MOST_CAUSES;
  return {
    type: error.constructor.name,
    message: withoutQuotes(error.message),
    ...(isPlain(code) ? { code } : {}),
    ...(isPlain(status) ? { status } : {}),
    ...(error.stack === undefined ? {} : { stack: withoutQuotes(error.stack) }),
    ...(goesOn && error.cause !== undefined ? { cause: loggedError(error.cause, depth + 1) } : {}),
    ...(goesOn && errors.length > 0 ? { errors: errors.map((each) => loggedError(each, depth + 1)) } : {}),
  };
}

const isPlain = (value: unknown): value is string | number =>
  typeof value === "number" || (typeof value === "string" && /^[\w.-]{1,64}$/.test(value));

// Names of columns, constraints and properties may be quoted; what has digits, spaces or signs is somebody's own.
const quoted = /"(?![A-Za-z_]{1,40}")[^"]*"|(?<![A-Za-z])'(?![A-Za-z_]{1,40}')[^']*'|`(?![A-Za-z_.$()]{1,60}`)[^`]*`/g;
const address = /\b(?!(?:file|node):)([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#"'`)]*)[^\s"'`)]*/gi;

const withoutQuotes = (words: string) =>
  words.replace(quoted, (match) => `${match[0]}…${match[0]}`).replace(address, "$1$2/…");
