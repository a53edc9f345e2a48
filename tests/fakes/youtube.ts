import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { apiAnswer } from "./youtube-api.ts";

export interface FakeVideo {
  id: string;
  title: string;
  description?: string;
  publishedAt?: Date;
  /** As the interface says it: `PT1H2M3S`. */
  duration?: string;
  live?: "none" | "live" | "upcoming";
  scheduledFor?: Date;
  privacy?: "public" | "private";
  isProcessed?: boolean;
}

export interface FakeChannel {
  id: string;
  handle: string;
  title: string;
  /** The newest first. */
  videos: FakeVideo[];
}

/** YouTube on loopback: channels' Atom feeds, their pages, and the Data API with its quota in units. */
export async function fakeYoutube(channel: FakeChannel) {
  const requests: string[] = [];
  const state = {
    channel,
    /** The feeds are away now and then, for hours: 404 with a page. */
    feedStatus: 200,
    /** Ids that the feed tells to be deleted. */
    deleted: [] as string[],
    apiKey: "key-of-tests",
    /** What a video's page gives instead of a page, for readers that know files only. */
    sound: null as Buffer | null,
    /** Units that the key has left. */
    quota: 10_000,
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://youtube");
    const path = decodeURIComponent(url.pathname);
    requests.push(path);
    const send = (status: number, type: string, body: string) =>
      void response.writeHead(status, { "content-type": type }).end(body);
    if (path.startsWith("/youtube/v3/")) {
      const { status, body } = apiAnswer(state, {
        method: path.slice(12),
        query: url.searchParams,
        key: request.headers["x-goog-api-key"],
      });
      return send(status, "application/json; charset=UTF-8", JSON.stringify(body));
    }
    const { id, handle } = state.channel;
    if (path === "/feeds/videos.xml" && url.searchParams.get("channel_id") === id && state.feedStatus === 200) {
      return send(200, "text/xml; charset=UTF-8", atomOf(state.channel, state.deleted));
    }
    if (path === `/@${handle}` || path === `/c/${handle}` || path === `/channel/${id}`) {
      return send(200, "text/html; charset=utf-8", pageOf(state.channel));
    }
    if (path === "/watch" && state.sound !== null) {
      const headers = { "content-type": "audio/wav", "content-length": state.sound.length };
      return void response.writeHead(200, headers).end(state.sound);
    }
    return send(
      404,
      "text/html; charset=utf-8",
      "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>",
    );
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const escapeXml = (text: string) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

const atomDate = (date = new Date("2026-11-01T10:00:00Z")) => date.toISOString().replace(".000Z", "+00:00");

/** As YouTube writes it: no length, nothing of streams, and as the file a player that nobody has any more. */
function atomOf({ id, title, videos }: FakeChannel, deleted: string[]): string {
  const author = `<author><name>${escapeXml(title)}</name><uri>https://www.youtube.com/channel/${id}</uri></author>`;
  const entries = videos.slice(0, 15).map(
    (video) => ` <entry>
  <id>yt:video:${video.id}</id>
  <yt:videoId>${video.id}</yt:videoId>
  <yt:channelId>${id}</yt:channelId>
  <title>${escapeXml(video.title)}</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=${video.id}"/>
  ${author}
  <published>${atomDate(video.publishedAt)}</published>
  <updated>${atomDate(video.publishedAt)}</updated>
  <media:group>
   <media:title>${escapeXml(video.title)}</media:title>
   <media:content url="https://www.youtube.com/v/${video.id}?version=3" type="application/x-shockwave-flash" width="640" height="390"/>
   <media:thumbnail url="https://i1.ytimg.com/vi/${video.id}/hqdefault.jpg" width="480" height="360"/>
   <media:description>${escapeXml(video.description ?? "")}</media:description>
   <media:community><media:starRating count="1" average="5.00" min="1" max="5"/><media:statistics views="7"/></media:community>
  </media:group>
 </entry>`,
  );
  const tombstones = deleted.map(
    (gone) =>
      ` <at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="yt:video:${gone}" when="2026-11-02T10:00:00+00:00"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=${id}"/>
 <id>yt:channel:${id.slice(2)}</id>
 <yt:channelId>${id.slice(2)}</yt:channelId>
 <title>${escapeXml(title)}</title>
 <link rel="alternate" href="https://www.youtube.com/channel/${id}"/>
 ${author}
 <published>2020-01-01T00:00:00+00:00</published>
${[...entries, ...tombstones].join("\n")}
</feed>`;
}

const pageOf = ({ id, title }: FakeChannel) =>
  `<!DOCTYPE html><html lang="en"><head><title>${escapeXml(title)} - YouTube</title><link rel="canonical" href="https://www.youtube.com/channel/${id}"><link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=${id}"></head><body></body></html>`;
