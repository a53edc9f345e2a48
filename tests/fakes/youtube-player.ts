import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const mediaHost = "rr1---sn-test.googlevideo.com";

/** Why YouTube does not play a video, as its player's answer says it. */
export interface Playability {
  status: string;
  reason?: string;
  errorScreen?: object;
}

interface Playable {
  title: string;
  sound: Buffer;
  playability?: Playability;
  /** As its page says it, with its time zone. */
  uploadDate?: string;
  /** As its player shows them. */
  chapters?: { title: string; startSeconds: number }[];
  description?: string;
  /** As its page says it. */
  seconds?: number;
}

/** A video as the list of a channel's uploads has it. */
interface Listed {
  id: string;
  title: string;
  /** It is planned for then, in seconds. */
  startTime?: number;
}

/**
 * YouTube as yt-dlp's own reader meets it: watch pages, the player's answers and files by Range, behind a proxy that
 * ends the TLS of whatever host is asked for. `certificates` is what has to be trusted.
 */
export async function fakeYoutubePlayer() {
  const folder = await mkdtemp(join(tmpdir(), "convene-tls-"));
  const [key, certificates] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = "subjectAltName=DNS:www.youtube.com,DNS:*.googlevideo.com,DNS:*.youtube.com";
  const subject = ["-subj", "/CN=youtube.test", "-addext", names, "-days", "2"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", certificates]);

  const videos = new Map<string, Playable>();
  const requests: { host: string; path: string; range: string | null; status: number }[] = [];
  const state = {
    /** Instead of an answer of the player's: such as 429. */
    playerStatus: 200,
    /** What the channel's list of uploads shows, the newest first. */
    uploads: [] as Listed[],
    /** A file breaks off after so many bytes. */
    cutAfter: null as number | null,
  };

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const host = request.headers.host ?? "";
    const url = new URL(request.url ?? "/", `https://${host}`);
    const range = request.headers.range ?? null;
    const send = (status: number, type: string, content: string | Buffer, headers: object = {}) => {
      requests.push({ host, path: url.pathname, range, status });
      response.writeHead(status, { "content-type": type, ...headers });
      const cut = host === mediaHost ? state.cutAfter : null;
      if (cut === null || cut >= content.length) return void response.end(content);
      response.write(content.slice(0, cut), () => setTimeout(() => response.destroy(), 50));
    };
    if (host === mediaHost) {
      const sound = videos.get(url.searchParams.get("id") ?? "")?.sound;
      if (sound === undefined) return send(404, "text/plain", "");
      const [, first = "0", last = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
      const [from, to] = [Number(first), last === "" ? sound.length - 1 : Math.min(Number(last), sound.length - 1)];
      if (range === null)
        return send(200, "audio/mp4", sound, { "content-length": sound.length, "accept-ranges": "bytes" });
      if (from >= sound.length) return send(416, "text/plain", "", { "content-range": `bytes */${sound.length}` });
      const part = { "content-range": `bytes ${from}-${to}/${sound.length}`, "content-length": to - from + 1 };
      return send(206, "audio/mp4", sound.subarray(from, to + 1), part);
    }
    if (url.pathname === "/watch") {
      const id = url.searchParams.get("v") ?? "";
      if (state.playerStatus !== 200) return send(state.playerStatus, "text/html", "");
      return send(
        200,
        "text/html; charset=utf-8",
        watchPage(playerAnswer(id, videos.get(id)), besideOf(videos.get(id))),
      );
    }
    if (url.pathname === "/playlist") {
      if (state.playerStatus !== 200) return send(state.playerStatus, "text/html", "");
      return send(
        200,
        "text/html; charset=utf-8",
        page(`var ytInitialData = ${JSON.stringify(listOf(state.uploads))};`),
      );
    }
    if (url.pathname.startsWith("/youtubei/") && state.playerStatus !== 200) {
      return send(state.playerStatus, "application/json", "{}");
    }
    if (url.pathname === "/youtubei/v1/player") {
      const { videoId } = JSON.parse(body) as { videoId: string };
      return send(200, "application/json", JSON.stringify(playerAnswer(videoId, videos.get(videoId))));
    }
    if (url.pathname === "/iframe_api") {
      return send(
        200,
        "text/javascript",
        String.raw`var scriptUrl = 'https:\/\/www.youtube.com\/s\/player\/0004de42\/www-widgetapi.vflset\/www-widgetapi.js';`,
      );
    }
    if (url.pathname === "/youtubei/v1/next") return send(200, "application/json", JSON.stringify(beside));
    return send(404, "text/html", "<!doctype html><title>Not found</title>");
  }

  const read = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString())).on("end", () => answer(request, response, body));
  };
  const tls = createTlsServer({ key: await readFile(key), cert: await readFile(certificates) }, read);
  const sockets = new Set<Socket>();
  const proxy = createServer((_request, response) => void response.writeHead(403).end());
  proxy.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  });
  proxy.on("connect", (_request: IncomingMessage, socket: Socket) => {
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    tls.emit("connection", socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    certificates,
    videos,
    state,
    requests,
    mediaRequests: () => requests.filter(({ host }) => host === mediaHost),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

function playerAnswer(id: string, video: Playable | undefined): object {
  const unavailable: Playability = { status: "ERROR", reason: "Video unavailable" };
  const playability = video === undefined ? unavailable : (video.playability ?? { status: "OK" });
  const common = {
    responseContext: { visitorData: "CgtmYWtlVmlzaXRvcg%3D%3D" },
    playabilityStatus: { ...playability, playableInEmbed: true },
  };
  if (video === undefined) return common;
  const details = {
    videoId: id,
    title: video.title,
    lengthSeconds: String(video.seconds ?? 60),
    channelId: "UCabcdefghijklmnopqrstuv",
    shortDescription: video.description ?? "",
    author: "Morning Talks",
    isLiveContent: false,
    isPrivate: false,
    viewCount: "7",
    thumbnail: { thumbnails: [] },
  };
  if (playability.status !== "OK") return { ...common, videoDetails: details };
  const format = (itag: number, mimeType: string, more: object) => ({
    itag,
    url: `https://${mediaHost}/videoplayback?id=${id}&itag=${itag}&expire=1900000000&clen=${video.sound.length}`,
    mimeType,
    bitrate: 130_000,
    contentLength: String(video.sound.length),
    approxDurationMs: "60000",
    lastModified: "1700000000000000",
    ...more,
  });
  const sound = format(140, 'audio/mp4; codecs="mp4a.40.2"', {
    audioQuality: "AUDIO_QUALITY_MEDIUM",
    audioSampleRate: "44100",
    audioChannels: 2,
  });
  const picture = format(137, 'video/mp4; codecs="avc1.640028"', {
    width: 1920,
    height: 1080,
    fps: 30,
    qualityLabel: "1080p",
  });
  return {
    ...common,
    videoDetails: details,
    ...(video.uploadDate === undefined
      ? {}
      : {
          microformat: {
            playerMicroformatRenderer: { uploadDate: video.uploadDate, title: { simpleText: video.title } },
          },
        }),
    streamingData: { expiresInSeconds: "21540", formats: [], adaptiveFormats: [picture, sound] },
  };
}

/** What a page shows beside the player; that it is there is all that is looked for. */
const beside = { contents: { twoColumnWatchNextResults: { results: { results: { contents: [] } } } } };

/** The same with a video's chapters, as its player's bar has them. */
function besideOf(video: Playable | undefined): object {
  if (video?.chapters === undefined) return beside;
  const chapters = video.chapters.map(({ title, startSeconds }) => ({
    chapterRenderer: { title: { simpleText: title }, timeRangeStartMillis: startSeconds * 1000 },
  }));
  const bar = { playerBar: { chapteredPlayerBarRenderer: { chapters } } };
  const decoratedPlayerBarRenderer = { decoratedPlayerBarRenderer: bar };
  return { ...beside, playerOverlays: { playerOverlayRenderer: { decoratedPlayerBarRenderer } } };
}

const watchPage = (answer: object, besides: object) =>
  page(
    `var ytInitialPlayerResponse = ${JSON.stringify(answer)};</script><script>var ytInitialData = ${JSON.stringify(besides)};`,
  );

const page = (script: string) =>
  `<!DOCTYPE html><html><head><title>YouTube</title><script>ytcfg.set({"INNERTUBE_API_KEY":"fake","INNERTUBE_CONTEXT":{"client":{"clientName":"WEB","clientVersion":"2.20261026.00.00","hl":"en","gl":"US"}},"INNERTUBE_CONTEXT_CLIENT_NAME":1,"STS":20000,"VISITOR_DATA":"CgtmYWtlVmlzaXRvcg%3D%3D"});</script></head><body><script>${script}</script></body></html>`;

/** The page of a list, with nothing but what is read of it. */
function listOf(videos: readonly Listed[]): object {
  const owner = {
    runs: [{ text: "Morning Talks", navigationEndpoint: { browseEndpoint: { browseId: "UCabcdefghijklmnopqrstuv" } } }],
  };
  const contents = videos.map(({ id, title, startTime }) => ({
    playlistVideoRenderer: {
      videoId: id,
      title: { runs: [{ text: title }] },
      shortBylineText: owner,
      thumbnail: { thumbnails: [] },
      ...(startTime === undefined ? { lengthSeconds: "60" } : { upcomingEventData: { startTime: String(startTime) } }),
    },
  }));
  const list = { itemSectionRenderer: { contents: [{ playlistVideoListRenderer: { contents } }] } };
  const tab = { tabRenderer: { selected: true, content: { sectionListRenderer: { contents: [list] } } } };
  return {
    contents: { twoColumnBrowseResultsRenderer: { tabs: [tab] } },
    metadata: { playlistMetadataRenderer: { title: "Uploads from Morning Talks" } },
  };
}
