import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { GuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { fakeYoutube } from "#tests/fakes/youtube.ts";
import { fakeYoutubePlayer } from "#tests/fakes/youtube-player.ts";
import { testCache } from "#tests/fixtures/fetch.ts";
import { channel, checked, jobsBecome, jobsOf, soundFile, startChannels } from "./system.ts";
import type { ChannelAnswer, ChannelSystem } from "./system.ts";

const id = "UCabcdefghijklmnopqrstuv";
let site: Awaited<ReturnType<typeof fakeYoutube>>;
let player: Awaited<ReturnType<typeof fakeYoutubePlayer>>;
let system: ChannelSystem;
beforeAll(async () => {
  site = await fakeYoutube({ id, handle: "MorningTalks", title: "Morning Talks", videos: [] });
  player = await fakeYoutubePlayer();
  vi.stubEnv("SSL_CERT_FILE", player.certificates);
  const allow = ["127.0.0.0/8"];
  const guardedFetch = createGuardedFetch({ allow });
  const toSite: GuardedFetch = (url, limits) =>
    guardedFetch(url.replace("https://www.youtube.com", site.url), { ...limits, operatorUrl: site.url });
  system = await startChannels({
    sources: createSources({
      guardedFetch: toSite,
      allowedAddresses: createAllowedAddresses({ allow }),
      youtube: {
        apiKey: undefined,
        baseUrl: undefined,
        ytdlp: { cacheDir: testCache, path: undefined, proxy: player.proxy, log: () => {} },
      },
    }),
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await system[Symbol.asyncDispose]();
  await player[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

test("while YouTube's feed is away a new video becomes a job by the uploads' list, and what is old stays where it was", async () => {
  const ann = await system.web.signUp();
  const longAgo = new Date("2024-05-01T10:00:00Z");
  const [old, hidden, fresh] = ["old-0000001", "hidden-0001", "fresh-00001"];
  site.state.channel.videos = [{ id: old, title: "Old", publishedAt: longAgo, description: "As it was." }];
  const body = { source: "youtube", url: id, rights: true };
  const added = await ann.json<ChannelAnswer>("/api/channels", { method: "POST", body });
  await checked(ann, added.id);
  const look = async () => {
    await ann.json(`/api/channels/${added.id}/check`, { method: "POST" });
    await checked(ann, added.id);
  };

  // Two are new in the list: one was published now, the other was private for years.
  site.state.feedStatus = 404;
  const publishedAt = new Date();
  player.state.uploads = [
    { id: fresh, title: "Fresh" },
    { id: hidden, title: "Hidden" },
    { id: old, title: "Old" },
  ];
  player.videos.set(fresh, { title: "Fresh", sound: soundFile(), uploadDate: publishedAt.toISOString() });
  player.videos.set(hidden, { title: "Hidden", sound: soundFile(), uploadDate: longAgo.toISOString() });
  await look();
  await jobsBecome(ann, added.id, { Fresh: "completed" }, 100_000);
  const idle = async () =>
    (await ann.json<{ items: { title: string; state: string }[] }>(`/api/channels/${added.id}/videos`)).items;
  expect(await idle()).toMatchObject([
    { title: "Hidden", state: "discovered" },
    { title: "Old", state: "discovered" },
  ]);
  const { prisma } = system.db;
  const row = (externalId: string) => prisma.video.findFirstOrThrow({ where: { channelId: added.id, externalId } });
  // What the feed told of before is not worse known than it was.
  expect(await row(old)).toMatchObject({ publishedAt: longAgo, description: "As it was." });
  expect(await channel(ann, added.id)).toMatchObject({ title: "Morning Talks", check: { state: "ok", problem: null } });

  // The next look asks for no video's page again; and the feed, back again, makes no second job of any.
  const watched = () => player.requests.filter(({ path }) => path === "/watch").length;
  const before = watched();
  await look();
  expect(watched()).toBe(before);
  site.state.feedStatus = 200;
  site.state.channel.videos = [
    { id: fresh, title: "Fresh", publishedAt },
    { id: hidden, title: "Hidden", publishedAt: longAgo },
    { id: old, title: "Old", publishedAt: longAgo },
  ];
  await look();
  expect(await prisma.video.count({ where: { channelId: added.id } })).toBe(3);
  expect(await jobsOf(ann, added.id)).toHaveLength(1);
}, 180_000);
