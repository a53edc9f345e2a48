import type { SourceDescription } from "#domain/channels/source.ts";
import { channelAddress, channelIdOf, olderAddress, olderToken } from "#domain/channels/youtube.ts";
import type { AllowedAddresses } from "../../allowed-addresses.ts";
import type { GuardedFetch } from "../../guarded-fetch.ts";
import { feedOfPage } from "../feed-page.ts";
import { SourceFailed } from "../source-failed.ts";
import type { Looking, Source } from "../types.ts";
import { youtubeFetch, youtubeEndpoints } from "./youtube-fetch.ts";
import { describeAtom, topicOf } from "./atom.ts";
import { describeByApi } from "./data-api.ts";
import type { Pages } from "./data-api.ts";
import { describeByFlatList, isAway } from "./flat-list.ts";
import { downloadByYtdlp } from "./ytdlp/download.ts";
import { toolOf } from "./ytdlp/invocation.ts";
import type { YtdlpSettings } from "./ytdlp/invocation.ts";

export interface YoutubeSettings {
  ytdlp: YtdlpSettings;
  apiKey: string | undefined;
  /** Where YouTube is, if not at its own addresses. */
  baseUrl: string | undefined;
  /** Who tells of what channels publish, if not YouTube's own hub. */
  hubUrl?: string | undefined;
}

interface Deps extends YoutubeSettings {
  guardedFetch: GuardedFetch;
  allowedAddresses: AllowedAddresses;
}

type Found = SourceDescription & { channelId: string };

/** Pages of fifty videos that are read of a channel at first sight, and from then on. */
const pages = { first: 4, later: 1 };
/** As many as a channel's feed has at most. */
const mostInFeed = 15;
const ownHub = "https://pubsubhubbub.appspot.com/";
// The site asks visitors of some countries for their consent before it shows a page; a page's answer is kept so.
const consent = { cookie: "SOCS=CAI" };

interface Wanted extends Pages {
  looking: Looking | undefined;
  isFirst?: boolean;
}

/**
 * A channel of YouTube. Its videos are known by their ids, whoever tells of them: the Data API where there is a key,
 * which says of each how long it is and whether it is over, else the channel's feed, and while that is away, for a look
 * at the channel, the list of its uploads.
 */
export function createYoutubeSource({ guardedFetch, allowedAddresses, apiKey, baseUrl, hubUrl, ytdlp }: Deps): Source {
  const { site, api } = youtubeEndpoints(baseUrl);
  const ytdlpDeps = { ...ytdlp, allowedAddresses, operatorUrl: baseUrl };

  async function withoutKey(address: string, wanted: Wanted, signal: AbortSignal): Promise<Found> {
    const channelId = channelIdOf(address) ?? (await idByPage(address, signal));
    const { looking, since, isFirst = false } = wanted;
    try {
      return await byFeed(channelId, since, signal);
    } catch (error) {
      if (looking === undefined || !isAway(error)) throw error;
      const asked = { site, channelId, most: mostInFeed, looking, isFirst };
      const found = await describeByFlatList(ytdlpDeps, asked, signal);
      if (found === null) throw error;
      return { channelId, ...found };
    }
  }

  async function byFeed(channelId: string, since: Date | undefined, signal: AbortSignal): Promise<Found> {
    const url = topicOf(site, channelId);
    const { text } = await youtubeFetch(guardedFetch, url, { signal });
    const found = describeAtom(text, { url, channelId });
    const isAll =
      found.items.length < mostInFeed ||
      found.items.some(({ publishedAt }) => since !== undefined && publishedAt !== null && publishedAt < since);
    return { channelId, ...found, nextUrl: isAll ? null : olderAddress(channelId) };
  }

  /** A channel's page names its feed for programs, and that its id. */
  async function idByPage(address: string, signal: AbortSignal): Promise<string> {
    const { pathname } = new URL(address);
    const page = await youtubeFetch(guardedFetch, `${site}${pathname}`, { headers: consent, redirects: 3, signal });
    const feed = feedOfPage(page.text, page.url);
    const id = feed === null ? null : new URL(feed).searchParams.get("channel_id");
    if (id === null || channelIdOf(channelAddress(id)) === null) throw new SourceFailed("not_a_channel", address);
    return id;
  }

  /** What the first way gives that answers. The failure told is the last one's, which needs least. */
  async function find(address: string, wanted: Wanted, signal: AbortSignal): Promise<Found> {
    // What could not be fetched is not begun: the channel says at once what is missing.
    await toolOf(ytdlp, address);
    const token = olderToken(address);
    if (apiKey === undefined) {
      // Nothing else tells of older videos when they were published.
      if (token !== null) throw new SourceFailed("needs_key", address);
      return await withoutKey(address, wanted, signal);
    }
    const deps = { guardedFetch, api, key: apiKey };
    // The names that channels had before there were handles mean nothing to the interface.
    const isOldName = new URL(address).pathname.startsWith("/c/");
    const known = isOldName ? channelAddress(await idByPage(address, signal)) : address;
    const pagesFrom = token === null ? wanted : { ...wanted, token };
    return await describeByApi(deps, { address: known, ...pagesFrom }, signal).catch((error: unknown) => {
      // The feed begins with the newest again.
      if (!(error instanceof SourceFailed) || token !== null) throw error;
      return withoutKey(known, wanted, signal);
    });
  }

  const described = ({ channelId, ...found }: Found): SourceDescription => ({
    ...found,
    hubUrl: hubUrl ?? ownHub,
    selfUrl: topicOf("https://www.youtube.com", channelId),
  });

  return {
    kind: "youtube",
    async describe(address, signal, looking) {
      const found = await find(address, { pages: pages.first, looking, isFirst: true }, signal);
      return { ...described(found), url: channelAddress(found.channelId) };
    },
    // Neither way has a validator that can be relied on.
    async list({ url, since }, signal, looking) {
      const found = await find(url, { pages: pages.later, since, looking }, signal);
      return { notModified: false, etag: null, lastModified: null, description: described(found) };
    },
    fetchMedia: (media) => {
      const { pathname, search } = new URL(media.url);
      return downloadByYtdlp(ytdlpDeps, { ...media, url: `${site}${pathname}${search}` });
    },
  };
}
