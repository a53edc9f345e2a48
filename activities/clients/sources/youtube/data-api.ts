import { z } from "zod";
import type { SourceDescription, SourceItem } from "#domain/channels/source.ts";
import { channelAddress, channelIdOf, isVideoId, olderAddress, videoAddress } from "#domain/channels/youtube.ts";
import { languageTagOf } from "#domain/language.ts";
import { cleanLine, cleanProse, cut, textLimits } from "#domain/text.ts";
import type { GuardedFetch } from "../../guarded-fetch.ts";
import { SourceFailed } from "../source-failed.ts";
import { youtubeFetch } from "./youtube-fetch.ts";

const Thumbnails = z.record(z.string(), z.object({ url: z.string() })).default({});
const Channels = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        snippet: z.object({
          title: z.string(),
          description: z.string().default(""),
          defaultLanguage: z.string().optional(),
          thumbnails: Thumbnails,
        }),
        contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string() }) }),
      }),
    )
    .default([]),
});
const Uploads = z.object({
  nextPageToken: z.string().optional(),
  items: z.array(z.object({ contentDetails: z.object({ videoId: z.string() }) })).default([]),
});
const Videos = z.object({
  items: z
    .array(
      z.object({
        id: z.string(),
        snippet: z.object({
          title: z.string(),
          description: z.string().default(""),
          publishedAt: z.string(),
          thumbnails: Thumbnails,
          liveBroadcastContent: z.string().default("none"),
        }),
        contentDetails: z.object({ duration: z.string().optional() }).default({}),
        status: z.object({ privacyStatus: z.string().optional(), uploadStatus: z.string().optional() }).default({}),
        liveStreamingDetails: z.object({ scheduledStartTime: z.string().optional() }).default({}),
      }),
    )
    .default([]),
});
type ApiVideo = z.infer<typeof Videos>["items"][number];

interface Deps {
  guardedFetch: GuardedFetch;
  api: string;
  key: string;
}

export interface Pages {
  /** Most pages of fifty that are read, from that of the token on. */
  pages: number;
  token?: string;
  /** Older videos are not wanted. */
  since?: Date | undefined;
}

/** A channel by Google's Data API: one unit of the key's quota for itself, and two for each fifty of its videos. */
export async function describeByApi(
  { guardedFetch, api, key }: Deps,
  { address, pages, token = "", since }: Pages & { address: string },
  signal: AbortSignal,
): Promise<SourceDescription & { channelId: string }> {
  async function get<T>(method: string, query: Record<string, string>, shape: z.ZodType<T>): Promise<T> {
    const url = `${api}/${method}?${new URLSearchParams(query)}`;
    // In a header: addresses end up in logs. It follows no redirect.
    const { text } = await youtubeFetch(guardedFetch, url, { headers: { "x-goog-api-key": key }, signal });
    const read = shape.safeParse(parse(text));
    if (!read.success) throw new SourceFailed("damaged", url, { cause: read.error });
    return read.data;
  }

  const parts = { part: "snippet,contentDetails" };
  const [channel] = (await get("channels", { ...parts, ...nameOf(address) }, Channels)).items;
  if (channel === undefined) throw new SourceFailed("missing", address);
  const playlist = {
    part: "contentDetails",
    maxResults: "50",
    playlistId: channel.contentDetails.relatedPlaylists.uploads,
  };
  const items: SourceItem[] = [];
  let pageToken: string | undefined = token;
  for (let page = 0; page < pages; page += 1) {
    const uploads: z.infer<typeof Uploads> = await get(
      "playlistItems",
      { ...playlist, ...(pageToken ? { pageToken } : {}) },
      Uploads,
    );
    const id = uploads.items.map(({ contentDetails }) => contentDetails.videoId).filter(isVideoId);
    if (id.length > 0) {
      const details = { part: "snippet,contentDetails,status,liveStreamingDetails", id: id.join(",") };
      items.push(...(await get("videos", details, Videos)).items.flatMap(itemOf));
    }
    pageToken = uploads.nextPageToken;
    if (pageToken === undefined) break;
  }
  const { title, description, defaultLanguage, thumbnails } = channel.snippet;
  return {
    channelId: channel.id,
    title: lineOf(title),
    description: cut(cleanProse(description), 10_000),
    siteUrl: channelAddress(channel.id),
    imageUrl: imageOf(thumbnails),
    author: lineOf(title),
    language: languageTagOf(defaultLanguage ?? ""),
    hubUrl: null,
    selfUrl: null,
    nextUrl: pageToken === undefined || isPast(items, since) ? null : olderAddress(channel.id, pageToken),
    items: items.toSorted((one, other) => (other.publishedAt?.getTime() ?? 0) - (one.publishedAt?.getTime() ?? 0)),
    deleted: [],
    withoutMedia: 0,
  };
}

/** Uploads are listed newest first, but a video may have been held back; what a whole page is too old for is over. */
const isPast = (items: SourceItem[], since: Date | undefined): boolean =>
  since !== undefined &&
  items.length > 0 &&
  items.every(({ publishedAt }) => publishedAt !== null && publishedAt < since);

function nameOf(address: string): Record<string, string> {
  const id = channelIdOf(address);
  if (id !== null) return { id };
  const [first = "", second = ""] = new URL(address).pathname.slice(1).split("/").map(decodeURIComponent);
  return first === "user" ? { forUsername: second } : { forHandle: first };
}

function itemOf(video: ApiVideo): SourceItem[] {
  const { id, snippet, contentDetails, status } = video;
  const isGone =
    status.uploadStatus === "deleted" || status.uploadStatus === "rejected" || status.uploadStatus === "failed";
  if (status.privacyStatus === "private" || isGone) return [];
  const time = Date.parse(snippet.publishedAt);
  return [
    {
      externalId: id,
      title: lineOf(snippet.title),
      description: cut(cleanProse(snippet.description), 10_000),
      publishedAt: Number.isFinite(time) ? new Date(time) : null,
      durationSeconds: secondsOf(contentDetails.duration),
      pageUrl: videoAddress(id),
      mediaUrl: videoAddress(id),
      mediaType: null,
      mediaBytes: null,
      imageUrl: imageOf(snippet.thumbnails),
      isExplicit: null,
      chapters: null,
      notYet: notYetOf(video),
    },
  ];
}

/** Why a video is not whole yet; null where it is. */
function notYetOf({ snippet, status, liveStreamingDetails }: ApiVideo): string | null {
  if (snippet.liveBroadcastContent === "live") return "It is live now. It is looked at again until it is over.";
  if (snippet.liveBroadcastContent === "upcoming") {
    const begin = Date.parse(liveStreamingDetails.scheduledStartTime ?? "");
    const when = Number.isFinite(begin)
      ? ` (planned for ${new Date(begin).toISOString().slice(0, 16).replace("T", " ")} UTC)`
      : "";
    return `It has not begun yet${when}. It is looked at again until it is over.`;
  }
  return status.uploadStatus === "uploaded" ? "YouTube is still at work on it. It is looked at again." : null;
}

const lineOf = (text: string) => cut(cleanLine(text), textLimits.title) || "Untitled";

const imageOf = (thumbnails: z.infer<typeof Thumbnails>): string | null =>
  (thumbnails["maxres"] ?? thumbnails["high"] ?? thumbnails["medium"] ?? thumbnails["default"])?.url ?? null;

/** `PT1H2M3S`, `P1DT2H`; what has no length yet says `P0D`. */
function secondsOf(duration = ""): number | null {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] =
    /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(duration) ?? [];
  const sum = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sum > 0 ? sum : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
