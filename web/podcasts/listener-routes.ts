import cors from "cors";
import { Router } from "express";
import type { Request, RequestHandler, Response } from "express";
import { coverName } from "#domain/channels/channel-file.ts";
import { isId } from "#domain/ids.ts";
import { episodeChapters } from "#records/channels/decisions.ts";
import { isListenersKey, noteListener } from "#records/channels/listeners.ts";
import { episodesStand, podcastByKey, publishedEpisode } from "#records/channels/podcasts.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import { spokenIn } from "#records/channels/transcripts.ts";
import { sendObject } from "../api/recording-media.ts";
import type { WebDeps } from "../deps.ts";
import { spendPageRequest } from "../http/guard.ts";
import { otherMethods } from "../http/methods.ts";
import { Problem } from "../http/problem.ts";
import { chaptersType, renderChapters } from "./chapters.ts";
import { isRangeFresh, isUnchanged } from "./conditional.ts";
import { createFeedCache } from "./feed-cache.ts";
import { writeFeed } from "./podcast-feed.ts";
import { sendText } from "./send-text.ts";
import { renderTranscript, transcriptTypes } from "./transcripts.ts";
import type { TranscriptForm } from "./transcripts.ts";

const feedPath = "/:key/feed.xml";
const audioPath = /^\/([^/]+)\/([0-9a-f-]{36})-(\d{1,9})\.mp3$/;
const transcriptPath = /^\/([^/]+)\/([0-9a-f-]{36})-(\d{1,9})\.(vtt|srt|json)$/;
const chaptersPath = /^\/([^/]+)\/([0-9a-f-]{36})-(\d{1,9})\.chapters\.json$/;
const coverPath = /^\/([^/]+)\/(cover-[0-9a-f]{16}\.(?:jpg|png))$/;
const keyForm = /^[\w-]{16,64}$/;

const noPodcast = () =>
  new Problem(404, "not_found", "There is no podcast at this address. It was deleted, or the address is not whole.");
const noEpisode = () =>
  new Problem(404, "not_found", "There is no such episode. It was withdrawn, or its podcast has a newer one by now.");

const noCover = () => new Problem(404, "not_found", "There is no such picture. The podcast has none by now.");

/**
 * What listeners get, below `/podcasts`: feeds, sound and transcripts, without an account, by the key in the address.
 * Nothing here starts work: what is not there yet is not made because somebody asks.
 */
export function createListenerRoutes(deps: WebDeps): Router {
  const { prisma, media } = deps;
  const feedOf = createFeedCache();
  const open = [spendPageRequest(deps, "listen"), openToPlayers];
  const router = Router();

  router.get(feedPath, ...open, async (request, response) => {
    response.locals["route"] = "/podcasts/:key/feed.xml";
    const key = String(request.params["key"] ?? "");
    const channel = await found(key, (known) => podcastByKey(prisma, known), noPodcast);
    await noteListener(prisma, key);
    const { changedAt, count } = await episodesStand(prisma, channel.id);
    const { id: _id, updatedAt, ...shown } = channel;
    const feed = await feedOf(key, JSON.stringify([shown, changedAt, count]), () =>
      writeFeed(deps, channel, { key, changedAt: changedAt ?? channel.createdAt }),
    );
    // Its channel's row is the newer of the two with each look at the source: a date alone never says "unchanged" wrongly.
    const modifiedAt = changedAt !== null && changedAt > updatedAt ? changedAt : updatedAt;
    response.set("Cache-Control", cachedFor(key, 300));
    sendText({ request, response }, { ...feed, modifiedAt, type: "application/rss+xml; charset=utf-8" });
  });

  const episodeAt = ([key, id = "", revision]: string[]) =>
    found(
      key,
      (known) => (isId(id) ? publishedEpisode(prisma, known, { id, revision: Number(revision) }) : null),
      noEpisode,
    );

  router.get(audioPath, ...open, async (request, response) => {
    response.locals["route"] = "/podcasts/:key/:episode.mp3";
    const parts = partsOf(request);
    const episode = await episodeAt(parts);
    const version = {
      etag: `"${episode.id}-${episode.revision}-${episode.audioBytes}"`,
      modifiedAt: episode.updatedAt.toUTCString(),
    };
    response.set({
      ETag: version.etag,
      "Last-Modified": version.modifiedAt,
      "Cache-Control": cachedFor(parts[0], 3600),
      "Accept-Ranges": "bytes",
    });
    if (isUnchanged(request.headers, version)) return void response.status(304).end();
    response.set("Content-Type", episode.audioType);
    // Ranges are for GET alone; and a part of another version of the file would be joined to what is there.
    const isWhole = request.method === "HEAD" || !isRangeFresh(request.get("if-range"), version);
    await sendObject(media, episode.audioKey, { range: isWhole ? undefined : request.headers.range, response });
  });

  router.get(transcriptPath, ...open, async (request, response) => {
    response.locals["route"] = "/podcasts/:key/:transcript";
    const parts = partsOf(request);
    const { videoId, revision } = await episodeAt(parts);
    const form = parts[3] as TranscriptForm;
    const text = renderTranscript(form, await spokenIn(prisma, { videoId, revision }));
    response.set("Cache-Control", cachedFor(parts[0], 300));
    sendText({ request, response }, { text, type: `${transcriptTypes[form]}; charset=utf-8` });
  });

  router.get(chaptersPath, ...open, async (request, response) => {
    response.locals["route"] = "/podcasts/:key/:chapters";
    const parts = partsOf(request);
    const { videoId, revision } = await episodeAt(parts);
    const chapters = await episodeChapters(prisma, { videoId, revision });
    if (chapters === null) throw noEpisode();
    response.set("Cache-Control", cachedFor(parts[0], 300));
    sendText({ request, response }, { text: renderChapters(chapters), type: chaptersType });
  });

  router.get(coverPath, ...open, async (request, response) => {
    response.locals["route"] = "/podcasts/:key/:cover";
    const [key = "", name = ""] = partsOf(request);
    const channel = await found(key, (known) => podcastByKey(prisma, known), noPodcast);
    const [cover] = channel.files;
    if (cover === undefined) throw noCover();
    const etag = `"${cover.sha256}"`;
    // Apps that have not read the feed since ask for one before: they get what it is by now, and not for long.
    const seconds = coverName(cover) === name ? 86_400 : 3_600;
    response.set({ ETag: etag, "Cache-Control": cachedFor(key, seconds) });
    if (isUnchanged(request.headers, { etag, modifiedAt: null })) return void response.status(304).end();
    response.set("Content-Type", cover.mediaType);
    await sendObject(media, channelFileKey(channel.id, cover.id), { range: undefined, response });
  });

  router.all([feedPath, audioPath, transcriptPath, chaptersPath, coverPath], openToPlayers, otherMethods(["GET"]));
  return router;
}

/** Caches between us and the apps keep nothing of an address that is one listener's, and may be revoked. */
const cachedFor = (key = "", seconds: number) => `${isListenersKey(key) ? "private" : "public"}, max-age=${seconds}`;

const partsOf = ({ params }: Request): string[] => ["0", "1", "2", "3"].map((name) => String(params[name] ?? ""));

async function found<T>(
  key: unknown,
  find: (key: string) => Promise<T | null> | null,
  missing: () => Problem,
): Promise<T> {
  const row = typeof key === "string" && keyForm.test(key) ? await find(key) : null;
  if (row === null) throw missing();
  return row;
}

const allowAll = cors({
  origin: "*",
  methods: ["GET", "HEAD"],
  exposedHeaders: ["Accept-Ranges", "Content-Length", "Content-Range", "ETag", "Last-Modified"],
  preflightContinue: true,
});

/** Players in pages of others may read it: it is for everybody, and nothing of it depends on who asks. */
const openToPlayers: RequestHandler = (request: Request, response: Response, next) => {
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  allowAll(request, response, next);
};
