import { z } from "zod";

/**
 * Text on its way in, from people, programs, providers and models alike. Postgres keeps neither NUL nor half a surrogate
 * pair, and control characters act on terminals and logs, so none of them gets past here. Limits are measured after
 * that, and are the same on pages and in the API.
 */
export const textLimits = {
  title: 300,
  name: 100,
  agentName: 200,
  /** As people are called in a call: a guest's name says that they are one. */
  speaker: 120,
  /** What somebody asks of one reading of a transcript. */
  instructions: 4_000,
  /** What an agent is told, once and for all or for one meeting. */
  prompt: 20_000,
  goal: 1_000,
  /** What somebody says in one go. */
  segment: 10_000,
  search: 200,
} as const;

/** Without what cannot be kept: tabs and line ends stay, each line end as LF, which forms and programs send unlike. */
export const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/(?![\t\n])\p{Cc}/gu, "");

/** Text of several lines. */
export const cleanProse = (text: string): string => withoutControls(text).trim();

/** Text of one line; what would begin another becomes a space. */
export const cleanLine = (text: string): string => cleanProse(text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " "));

/** The strings of a value that is kept as JSON, names of fields too. Whoever passes one has looked at its depth. */
export function cleanJson<T>(value: T): T {
  if (typeof value === "string") return withoutControls(value) as T;
  if (Array.isArray(value)) return value.map(cleanJson) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, each]) => [withoutControls(name), cleanJson(each)]);
  return Object.fromEntries(fields) as T;
}

/** The first `most` characters, and never half of one. */
export const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");

const tooLong = (most: number) => `Use ${most.toLocaleString("en")} characters at most.`;
const missing = "This must not be empty.";

/** A line of people's text, which may be empty. */
export const line = (most: number) => z.string().overwrite(cleanLine).max(most, tooLong(most));
/** As `line`, of several lines. */
export const prose = (most: number) => z.string().overwrite(cleanProse).max(most, tooLong(most));

/** What a recording or a meeting is called. `empty` says so where nothing was entered. */
export const title = (empty = missing) => line(textLimits.title).min(1, empty);
/** What people, keys and workspaces are called. */
export const name = (empty = missing) => line(textLimits.name).min(1, empty);
/** What an agent is called. */
export const agentName = (empty = missing) => line(textLimits.agentName).min(1, empty);
export const instructions = () => prose(textLimits.instructions);
/** What a list is searched for. */
export const searchText = () => line(textLimits.search);

/** Whether a word between programs holds only what can be kept, without being cleaned. */
export const isKeepable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** A word between programs, such as an id, a key or a type: one that would have to be cleaned is refused. */
export const key = (most: number) => z.string().max(most).refine(isKeepable, "This must hold no control characters.");
