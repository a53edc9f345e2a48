import { afterAll, beforeAll, expect, test } from "vitest";
import { channel, checked, jobsBecome, jobsOf } from "./system.ts";
import type { ChannelAnswer } from "./system.ts";
import { startYoutubeByKey, youtubeId } from "./youtube-system.ts";

let system: Awaited<ReturnType<typeof startYoutubeByKey>>;
beforeAll(async () => {
  system = await startYoutubeByKey();
});
afterAll(() => system[Symbol.asyncDispose]());

test("a video that the API and the feed tell of becomes one episode, when it is over and YouTube lets it be fetched", async () => {
  const ann = await system.web.signUp();
  const body = { source: "youtube", url: "@MorningTalks", rights: true };
  const added = await ann.json<ChannelAnswer>("/api/channels", { method: "POST", body });
  await checked(ann, added.id);
  expect(await channel(ann, added.id)).toMatchObject({ title: "Morning Talks" });

  const video = {
    id: "talk-000001",
    title: "Premiere",
    live: "upcoming" as "upcoming" | "none",
    publishedAt: new Date(),
  };
  system.youtube.state.channel.videos.unshift(video);
  const look = async () => {
    await ann.json(`/api/channels/${added.id}/check`, { method: "POST" });
    await checked(ann, added.id);
  };
  await look();
  const { items } = await ann.json<{ items: { title: string; reason: string }[] }>(`/api/channels/${added.id}/videos`);
  expect(items).toMatchObject([{ title: "Premiere", reason: expect.stringContaining("has not begun yet") as unknown }]);
  expect(await jobsOf(ann, added.id)).toEqual([]);

  // It is over by now, but YouTube wants nobody to fetch anything for a while.
  const { prisma } = system.db;
  const blockedUntil = new Date(Date.now() + 3_600_000);
  await prisma.sourceGate.create({ data: { source: "youtube", blockedUntil, blocks: 1, reason: "Not now." } });
  video.live = "none";
  await look();
  const run = () => prisma.run.findFirstOrThrow({ where: { channelId: added.id }, include: { stages: true } });
  await expect.poll(async () => (await run()).message).toMatch(/^Not now\. It goes on at /);
  expect((await run()).stages.map(({ tries }) => tries)).toEqual([0]);

  // A person begins it anew, now that it is open; the feed alone tells of the same video.
  await prisma.sourceGate.deleteMany();
  system.youtube.state.quota = 0;
  await ann.json(`/agents/${added.id}/jobs/${(await run()).id}/cancel`, { method: "POST" });
  await jobsBecome(ann, added.id, { Premiere: "failed" });
  await look();
  await ann.json(`/agents/${added.id}/jobs/${(await run()).id}/retry`, { method: "POST" });
  await jobsBecome(ann, added.id, { Premiere: "completed" });
  expect(await prisma.video.count({ where: { channelId: added.id } })).toBe(1);
});

test("a backfill reads all pages of the Data API, and puts in line what the channel's filters want of them", async () => {
  const ann = await system.web.signUp();
  const { state, requests } = system.youtube;
  state.quota = 1000;
  // The newest first, one an hour; the one that is wanted stands on the third page.
  const at = (place: number) => new Date(Date.UTC(2026, 5, 1) - place * 3_600_000);
  state.channel.videos = Array.from({ length: 120 }, (_, place) => ({
    id: `older-${String(place).padStart(5, "0")}`,
    title: place === 110 ? "The one" : "Notices",
    publishedAt: at(place),
  }));
  const filters = { excludeWords: ["notices"] };
  const body = { source: "youtube", url: youtubeId, rights: true, filters };
  const added = await ann.json<ChannelAnswer>("/api/channels", { method: "POST", body });
  await checked(ann, added.id);
  const pagesRead = () => requests.filter((path) => path.endsWith("/playlistItems")).length;
  const before = pagesRead();
  const { prisma } = system.db;
  const backfill = await ann.json<{ id: string }>(`/agents/${added.id}/backfills`, {
    method: "POST",
    body: { since: "2026-05-01" },
  });
  await jobsBecome(ann, added.id, { "The one": "completed" });
  const run = () => prisma.run.findUniqueOrThrow({ where: { id: backfill.id } });
  await expect.poll(async () => (await run()).status).toBe("completed");
  expect(pagesRead() - before).toBe(3);
  expect(await prisma.backfill.findUniqueOrThrow({ where: { runId: backfill.id } })).toMatchObject({
    itemsRead: 120,
    totalFound: 120,
  });
});
