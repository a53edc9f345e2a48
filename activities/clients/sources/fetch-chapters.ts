import { text } from "node:stream/consumers";
import { z } from "zod";
import { problemOfStatus } from "#domain/channels/source-problem.ts";
import type { SourceProblem } from "#domain/channels/source-problem.ts";
import type { SourceChapters } from "#domain/channels/source.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { GuardedFetchError } from "../guarded-fetch.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";

/** As https://github.com/Podcastindex-org/podcast-namespace, chapters/jsonChapters.md, has them. */
const ChaptersFile = z.object({
  chapters: z.array(
    z.object({ startTime: z.number().nonnegative(), title: z.string().catch(""), toc: z.boolean().catch(true) }),
  ),
});

const mostChapters = 500;
const mostBytes = 1_000_000;

/** Why a file of chapters gave none. The message is for people, and names no more of its address than the host. */
export class ChaptersUnread extends Error {
  override name = "ChaptersUnread";
  readonly code: SourceProblem | "not_json" | "not_chapters";
  readonly host: string;
  constructor(code: ChaptersUnread["code"], { host, why }: { host: string; why: string }, options?: ErrorOptions) {
    super(`${host} ${why}`, options);
    this.code = code;
    this.host = host;
  }
}

const whyUnfetched: Record<GuardedFetchError["reason"], string> = {
  refused: "is not on the open internet",
  redirected: "leads on too many times",
  too_large: `gave more than ${mostBytes / 1_000_000} MB`,
  timed_out: "took too long",
  unreachable: "could not be reached",
  broken: "broke off in the middle",
};

/** The chapters that a feed's item names by their address. Those without a title or a place in the table are none. */
export async function fetchChapters(
  guardedFetch: GuardedFetch,
  url: string,
  signal: AbortSignal,
): Promise<SourceChapters["list"]> {
  const { host } = new URL(url);
  const { chapters } = parse(await fetchText(guardedFetch, { url, host }, signal), host);
  return chapters.slice(0, mostChapters).flatMap(({ startTime, title, toc }) => {
    const words = cut(cleanLine(title), textLimits.title);
    return toc && words !== "" ? [{ startSeconds: startTime, title: words }] : [];
  });
}

async function fetchText(
  guardedFetch: GuardedFetch,
  { url, host }: { url: string; host: string },
  signal: AbortSignal,
): Promise<string> {
  try {
    await using response = await guardedFetch(url, { mostBytes, deadlineMs: 20_000, redirects: 5, signal });
    const { status } = response;
    if (status !== 200) throw new ChaptersUnread(problemOfStatus(status), { host, why: `answered ${status}` });
    return await text(response.body);
  } catch (error) {
    if (!(error instanceof GuardedFetchError)) throw error;
    throw new ChaptersUnread(error.reason, { host, why: whyUnfetched[error.reason] }, { cause: error });
  }
}

function parse(file: string, host: string): z.infer<typeof ChaptersFile> {
  let said: unknown;
  try {
    said = JSON.parse(file);
  } catch (cause) {
    throw new ChaptersUnread("not_json", { host, why: "gave something else than JSON" }, { cause });
  }
  const read = ChaptersFile.safeParse(said);
  if (read.success) return read.data;
  throw new ChaptersUnread("not_chapters", { host, why: "gave JSON of another format" }, { cause: read.error });
}
