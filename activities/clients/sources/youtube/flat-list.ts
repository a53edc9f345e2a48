import { performance } from "node:perf_hooks";
import type { SourceDescription, SourceItem } from "#domain/channels/source.ts";
import { channelAddress, uploadsAddress, videoAddress } from "#domain/channels/youtube.ts";
import { SourceFailed } from "../source-failed.ts";
import type { Looking } from "../types.ts";
import { describeByYtdlp, listByYtdlp } from "./ytdlp/list.ts";
import type { YtdlpDeps } from "./ytdlp/invocation.ts";

interface Asked {
  site: string;
  channelId: string;
  most: number;
  looking: Looking;
  /** Nothing of it was ever listed, so that what it holds need not be told from what is new. */
  isFirst: boolean;
}

/** Videos that are asked for one by one in a look: each takes seconds, and its turn. The rest waits for the next look. */
const mostAsked = 3;
/** None is asked for later in a look, which has a time of its own. */
const askedWithinMs = 40_000;

/**
 * A channel by the list of its uploads, as yt-dlp reads it, which has no dates. What is known already is left out, since
 * the list says less of it, and what is not known is told of by its own page. Null: it is not this look's turn.
 */
export async function describeByFlatList(
  deps: YtdlpDeps,
  { site, channelId, most, looking, isFirst }: Asked,
  signal: AbortSignal,
): Promise<SourceDescription | null> {
  const until = performance.now() + askedWithinMs;
  const url = uploadsAddress(site, channelId);
  const listed = await looking.inTurn(() => listByYtdlp(deps, { url, most }, signal));
  if (listed === null) return null;
  const { channel, items } = listed;
  const title = channel ?? new URL(channelAddress(channelId)).host;
  return {
    title,
    description: "",
    siteUrl: channelAddress(channelId),
    imageUrl: null,
    author: channel,
    language: null,
    hubUrl: null,
    selfUrl: null,
    nextUrl: null,
    items: isFirst ? items : await unknownItems(deps, { site, items, looking, until }, signal),
    deleted: [],
    withoutMedia: 0,
  };
}

async function unknownItems(
  deps: YtdlpDeps,
  { site, items, looking, until }: { site: string; items: readonly SourceItem[]; looking: Looking; until: number },
  signal: AbortSignal,
): Promise<SourceItem[]> {
  const unknown = new Set(await looking.unknownOf(items.map(({ externalId }) => externalId)));
  const found: SourceItem[] = [];
  for (const item of items.filter(({ externalId }) => unknown.has(externalId)).slice(0, mostAsked)) {
    const { pathname, search } = new URL(videoAddress(item.externalId));
    if (performance.now() > until) break;
    // What the list says of a stream is all there is to know until it is over.
    const told = item.notYet ? item : await oneOf(deps, { url: `${site}${pathname}${search}`, item, looking }, signal);
    if (told === "closed") break;
    if (told !== null) found.push(told);
  }
  return found;
}

const later = "It has not begun yet. It is looked at again until it is over.";
/** What is for few to see is left out, as the channel's feed leaves it out. */
const notForAll: ReadonlySet<string> = new Set(["private", "members_only", "missing", "unsupported", "geo", "age"]);

async function oneOf(
  deps: YtdlpDeps,
  { url, item, looking }: { url: string; item: SourceItem; looking: Looking },
  signal: AbortSignal,
): Promise<SourceItem | "closed" | null> {
  try {
    const told = await looking.inTurn(async () => ({ item: await describeByYtdlp(deps, url, signal) }));
    return told === null ? "closed" : told.item;
  } catch (error) {
    if (!(error instanceof SourceFailed)) throw error;
    if (error.problem === "not_yet") return { ...item, notYet: later };
    if (notForAll.has(error.problem)) return null;
    // It was closed just now, for all: what was found before is kept.
    return "closed";
  }
}

/** Whether a feed that failed so may be away while the channel is there. */
export const isAway = (error: unknown): boolean =>
  error instanceof SourceFailed && ["missing", "gone", "server_error"].includes(error.problem);
