import type { FakeChannel, FakeVideo } from "./youtube.ts";

interface ApiState {
  channel: FakeChannel;
  apiKey: string;
  quota: number;
}

interface Asked {
  method: string;
  query: URLSearchParams;
  key: string | string[] | undefined;
}

const refusal = (code: number, reason: string, message: string) => ({
  status: code,
  body: { error: { code, message, errors: [{ message, domain: "youtube.quota", reason }] } },
});

/** What the Data API answers; each request costs a unit, and no video that is not there is listed. */
export function apiAnswer(state: ApiState, { method, query, key }: Asked): { status: number; body: object } {
  if (key !== state.apiKey) return refusal(400, "badRequest", "API key not valid. Please pass a valid API key.");
  state.quota -= 1;
  if (state.quota < 0) {
    return refusal(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota.");
  }
  const { channel } = state;
  const uploads = `UU${channel.id.slice(2)}`;
  if (method === "channels") {
    const handle = query.get("forHandle");
    const isMeant = query.get("id") === channel.id || handle === `@${channel.handle}`;
    // Nothing found has no `items` at all.
    return {
      status: 200,
      body: isMeant ? { kind: "youtube#channelListResponse", items: [channelOf(channel, uploads)] } : {},
    };
  }
  if (method === "playlistItems") {
    if (query.get("playlistId") !== uploads) return refusal(404, "playlistNotFound", "The playlist cannot be found.");
    const from = Number(query.get("pageToken") ?? 0);
    const most = Number(query.get("maxResults") ?? 5);
    const page = channel.videos.slice(from, from + most);
    const more = from + most < channel.videos.length ? { nextPageToken: String(from + most) } : {};
    const items = page.map(({ id }) => ({ kind: "youtube#playlistItem", contentDetails: { videoId: id } }));
    return { status: 200, body: { kind: "youtube#playlistItemListResponse", ...more, items } };
  }
  if (method !== "videos") return refusal(404, "notFound", "Not found");
  const ids = query.get("id")?.split(",") ?? [];
  if (ids.length > 50) return refusal(400, "invalidFilters", "Too many ids.");
  const items = channel.videos.filter(({ id }) => ids.includes(id)).map((video) => videoOf(video, channel));
  return { status: 200, body: { kind: "youtube#videoListResponse", items } };
}

const thumbnails = (id: string) => ({
  default: { url: `https://i.ytimg.com/vi/${id}/default.jpg`, width: 120, height: 90 },
  high: { url: `https://i.ytimg.com/vi/${id}/hqdefault.jpg`, width: 480, height: 360 },
});

const channelOf = ({ id, title, handle }: FakeChannel, uploads: string) => ({
  kind: "youtube#channel",
  id,
  snippet: { title, description: "All that we say.", customUrl: `@${handle}`, thumbnails: thumbnails(id) },
  contentDetails: { relatedPlaylists: { likes: "", uploads } },
});

function videoOf(video: FakeVideo, channel: FakeChannel) {
  const { id, title, description = "", publishedAt = new Date("2026-11-01T10:00:00Z"), live = "none" } = video;
  return {
    kind: "youtube#video",
    id,
    snippet: {
      publishedAt: publishedAt.toISOString().replace(".000Z", "Z"),
      channelId: channel.id,
      channelTitle: channel.title,
      title,
      description,
      thumbnails: thumbnails(id),
      liveBroadcastContent: live,
    },
    contentDetails: {
      duration: live === "none" ? (video.duration ?? "PT10M") : "P0D",
      dimension: "2d",
      definition: "hd",
    },
    status: {
      uploadStatus: video.isProcessed === false ? "uploaded" : "processed",
      privacyStatus: video.privacy ?? "public",
    },
    ...(live === "none" ? {} : { liveStreamingDetails: { scheduledStartTime: video.scheduledFor?.toISOString() } }),
  };
}
