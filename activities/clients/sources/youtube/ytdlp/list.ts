import { z } from "zod";
import type { SourceItem } from "#domain/channels/source.ts";
import { isVideoId, shortAddress, videoAddress } from "#domain/channels/youtube.ts";
import { cleanLine, cleanProse, cut, textLimits } from "#domain/text.ts";
import { SourceFailed } from "../../source-failed.ts";
import { startGuardingProxy } from "./guarding-proxy.ts";
import { asMissing, commonArguments, failureOf, toolOf } from "./invocation.ts";
import type { YtdlpDeps } from "./invocation.ts";
import { runYtdlp } from "./run.ts";

/** What a list of videos says of one, and the video's own page: the list has no dates and no description. */
const Told = z.object({
  id: z.string().refine(isVideoId),
  title: z.string().nullish(),
  description: z.string().nullish(),
  duration: z.number().nonnegative().nullish(),
  live_status: z.string().nullish(),
  /** Seconds. */
  timestamp: z.number().int().positive().nullish(),
  /** `20261130`, where its time is not told. */
  upload_date: z.string().nullish(),
  thumbnail: z.string().nullish(),
  channel: z.string().nullish(),
  availability: z.string().nullish(),
});
type Told = z.infer<typeof Told>;

/** Without what cannot be played, which a list names on request. */
const flat = ["--flat-playlist", "--compat-options", "no-youtube-unavailable-videos", "--playlist-end"];
const mostBytes = 50_000_000;
const silentMs = 30_000;

interface Asked {
  url: string;
  /** By what `--print` takes, each on a line of its own. */
  fields: readonly string[];
  more: readonly string[];
}

/** What yt-dlp says of a list or of a video, as far as it can be read. */
async function ask(deps: YtdlpDeps, { url, fields, more }: Asked, signal: AbortSignal): Promise<Told[]> {
  const shown = shortAddress(url);
  const tool = await toolOf(deps, url);
  const stop = new AbortController();
  const onTooMuch = () => stop.abort(new SourceFailed("too_large", shown));
  await using own = deps.proxy === undefined ? await startGuardingProxy({ ...deps, mostBytes, onTooMuch }) : null;
  const proxy = deps.proxy ?? own?.url ?? "";
  const found: Told[] = [];
  const onLine = (line: string) => {
    const told = Told.safeParse(jsonOf(line));
    if (told.success) found.push(told.data);
  };
  const template = `%(.{${fields.join(",")}})j`;
  const args = [...commonArguments({ ...deps, proxy }), ...more, "--print", template, "--", url];
  const options = { silentMs, signal: AbortSignal.any([signal, stop.signal]), onLine };
  const { code, errors, isSilent } = await runYtdlp(tool, args, options).catch(asMissing(shown));
  if (isSilent) throw new SourceFailed("timed_out", shown);
  if (code !== 0) throw failureOf(errors, shown);
  return found;
}

/** The newest videos of a list, newest first, with the name of whose they are; none has a date. */
export async function listByYtdlp(
  deps: YtdlpDeps,
  { url, most }: { url: string; most: number },
  signal: AbortSignal,
): Promise<{ channel: string | null; items: SourceItem[] }> {
  const fields = ["id", "title", "duration", "live_status", "channel", "availability"];
  const told = await ask(deps, { url, fields, more: [...flat, String(most)] }, signal);
  const channel = told.find((each) => each.channel)?.channel ?? null;
  return { channel: channel === null ? null : lineOf(channel), items: told.filter(isForAll).map(itemOf) };
}

/** A video by its own page, with its date; null where that says of none. */
export async function describeByYtdlp(deps: YtdlpDeps, url: string, signal: AbortSignal): Promise<SourceItem | null> {
  const fields = ["id", "title", "description", "duration", "live_status", "timestamp", "upload_date", "thumbnail"];
  const [told] = await ask(deps, { url, fields, more: ["--no-playlist", "--format", "ba/b/bv*"] }, signal);
  if (told === undefined) return null;
  const item = itemOf(told);
  return item.publishedAt === null && item.notYet === null ? null : item;
}

/** What is for few to see stands in the list, and not in the channel's feed. */
const isForAll = ({ availability }: Told) => !availability || availability === "public" || availability === "unlisted";

const itemOf = (told: Told): SourceItem => ({
  externalId: told.id,
  title: lineOf(told.title ?? ""),
  description: cut(cleanProse(told.description ?? ""), 10_000),
  publishedAt: dateOf(told),
  durationSeconds: told.duration || null,
  pageUrl: videoAddress(told.id),
  mediaUrl: videoAddress(told.id),
  mediaType: null,
  mediaBytes: null,
  imageUrl: imageOf(told.thumbnail),
  isExplicit: null,
  chapters: null,
  notYet: notYetOf(told.live_status ?? ""),
});

const notYetWords: Record<string, string> = {
  is_live: "It is live now. It is looked at again until it is over.",
  is_upcoming: "It has not begun yet. It is looked at again until it is over.",
  post_live: "YouTube is still at work on it. It is looked at again.",
};
const notYetOf = (status: string): string | null =>
  Object.hasOwn(notYetWords, status) ? (notYetWords[status] ?? null) : null;

/** Of a day alone its end is taken, so that what is new is not taken for older than its channel; never a time to come. */
function dateOf({ timestamp, upload_date: day }: Told): Date | null {
  if (timestamp) return new Date(timestamp * 1000);
  const [, year, month, date] = /^(\d{4})(\d{2})(\d{2})$/.exec(day ?? "") ?? [];
  const end = Date.parse(`${year}-${month}-${date}T23:59:59Z`);
  return Number.isFinite(end) ? new Date(Math.min(end, Date.now())) : null;
}

const lineOf = (text: string) => cut(cleanLine(text), textLimits.title) || "Untitled";

function imageOf(address: string | null | undefined): string | null {
  const url = URL.parse(address ?? "");
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
