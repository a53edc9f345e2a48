import { afterEach, expect, test, vi } from "vitest";
import type { GuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { Looking } from "#activities/clients/sources/types.ts";
import { createYoutubeSource } from "#activities/clients/sources/youtube/youtube-source.ts";
import { fakeYoutube } from "#tests/fakes/youtube.ts";
import { fakeYoutubePlayer } from "#tests/fakes/youtube-player.ts";
import { testCache } from "#tests/fixtures/fetch.ts";
import { allowedAddresses, guardedFetch, problemOf, signal } from "./feed-setup.ts";

afterEach(() => void vi.unstubAllEnvs());
// The real yt-dlp is started several times, for some seconds each.
vi.setConfig({ testTimeout: 120_000 });

const id = "UCabcdefghijklmnopqrstuv";
const address = `https://www.youtube.com/channel/${id}`;
const sound = Buffer.from("sound");
const video = (at: number) => ({ id: `video-${String(at).padStart(5, "0")}`, title: `Video ${at}` });

/** A channel whose feed is on one fake, and all that yt-dlp reads of YouTube on another. */
async function startAway() {
  const site = await fakeYoutube({ id, handle: "MorningTalks", title: "Morning Talks", videos: [] });
  const youtube = await fakeYoutubePlayer();
  vi.stubEnv("SSL_CERT_FILE", youtube.certificates);
  const toSite: GuardedFetch = (url, limits) =>
    guardedFetch(url.replace("https://www.youtube.com", site.url), { ...limits, operatorUrl: site.url });
  const source = createYoutubeSource({
    guardedFetch: toSite,
    allowedAddresses,
    apiKey: undefined,
    baseUrl: undefined,
    ytdlp: { cacheDir: testCache, path: undefined, proxy: youtube.proxy, log: () => {} },
  });
  site.state.feedStatus = 404;
  const asks = { isOpen: true, turns: 0 };
  const looking = (known: readonly string[]): Looking => ({
    unknownOf: async (ids) => ids.filter((each) => !known.includes(each)),
    async inTurn(ask) {
      if (!asks.isOpen) return null;
      asks.turns += 1;
      return ask();
    },
  });
  return {
    site,
    youtube,
    asks,
    watched: () => youtube.requests.filter(({ path }) => path === "/watch").length,
    describe: () => source.describe(address, signal(), looking([])),
    async list(known: readonly string[]) {
      const asked = { url: address, etag: null, lastModified: null };
      const listing = await source.list(asked, signal(), looking(known));
      if (listing.notModified) throw new Error("It says nothing of changes");
      return listing.description;
    },
    unlooked: () => source.list({ url: address, etag: null, lastModified: null }, signal()),
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await youtube[Symbol.asyncDispose]();
    },
  };
}

test("while a channel's feed is away its uploads' list tells of what is new, with the date of its own page", async () => {
  await using away = await startAway();
  const { youtube } = away;
  const [first, second, third] = [video(1), video(2), video(3)];
  const premiere = { ...video(4), startTime: 1_900_000_000 };
  youtube.state.uploads = [premiere, third, second, first];
  youtube.videos.set(third.id, { title: "Video 3", sound, uploadDate: "2026-11-02T06:00:00-08:00" });
  // What is known is left out: the list says less of it than what told of it first.
  const found = await away.list([first.id, second.id]);
  expect(found.items).toMatchObject([
    { externalId: premiere.id, publishedAt: null, notYet: expect.stringContaining("not begun yet") as unknown },
    {
      externalId: third.id,
      title: "Video 3",
      publishedAt: new Date("2026-11-02T14:00:00Z"),
      durationSeconds: 60,
      mediaUrl: `https://www.youtube.com/watch?v=${third.id}`,
      notYet: null,
    },
  ]);
  expect(found).toMatchObject({
    selfUrl: `https://www.youtube.com/feeds/videos.xml?channel_id=${id}`,
    hubUrl: expect.stringContaining("pubsubhubbub") as unknown,
    nextUrl: null,
    deleted: [],
  });
  expect([away.asks.turns, away.watched()]).toEqual([2, 1]);

  // The feed is back: nothing else is asked.
  away.site.state.feedStatus = 200;
  expect((await away.list([])).items).toEqual([]);
  expect(away.asks.turns).toBe(2);
});

test("at first sight the list alone is read, without dates; later a few of many unknown are asked for in a look", async () => {
  await using away = await startAway();
  const { youtube } = away;
  youtube.state.uploads = Array.from({ length: 20 }, (_, at) => video(10 + at));
  const seen = await away.describe();
  expect(seen).toMatchObject({ title: "Morning Talks", url: address });
  expect(seen.items).toHaveLength(15);
  expect(seen.items[0]).toMatchObject({ externalId: "video-00010", publishedAt: null, durationSeconds: 60 });
  expect([away.asks.turns, away.watched()]).toEqual([1, 0]);

  // The first is private by now, and the second was uploaded on a day without a time.
  youtube.videos.set("video-00010", {
    title: "",
    sound,
    playability: { status: "LOGIN_REQUIRED", reason: "This is a private video. Please sign in" },
  });
  youtube.videos.set("video-00011", { title: "Video 11", sound, uploadDate: "2026-11-02" });
  youtube.videos.set("video-00012", { title: "Video 12", sound });
  const later = await away.list([]);
  expect(later.items).toMatchObject([{ externalId: "video-00011", publishedAt: new Date("2026-11-02T23:59:59Z") }]);
  expect(away.asks.turns).toBe(1 + 4);
});

test("where it is closed for all, refuses, or is not asked by a look, the feed's failure or its own is told", async () => {
  await using away = await startAway();
  const { youtube } = away;
  youtube.state.uploads = [video(1)];
  expect(await problemOf(away.unlooked())).toMatchObject({ problem: "missing" });
  away.asks.isOpen = false;
  expect(await problemOf(away.list([]))).toMatchObject({ problem: "missing" });
  expect(youtube.requests).toEqual([]);
  away.asks.isOpen = true;
  youtube.state.playerStatus = 429;
  expect(await problemOf(away.list([]))).toMatchObject({ problem: "rate_limited" });
});
