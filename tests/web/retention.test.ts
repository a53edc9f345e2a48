import { MockActivityEnvironment } from "@temporalio/testing";
import { parseRssFeed } from "feedsmith";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createRetentionActivities } from "#activities/channels/retention.ts";
import { storedBytes } from "#records/accounts/storage-quota.ts";
import { findCut, orderCut, storeCut } from "#records/channels/cuts.ts";
import { changeEpisode, episodeIdOf } from "#records/channels/episodes.ts";
import { earlierCutsDays } from "#records/channels/retention.ts";
import { episodeAudioKey, mediaKeys } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { addChannel } from "./podcast-fixtures.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import type { TestWeb } from "./server.ts";
import { shareWeb } from "./shared-web.ts";

let db: TestDatabase;
let web: TestWeb;
shareWeb((made) => ({ db, web } = made));

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

const sweep = (media: MediaStore = web.deps.media) =>
  new MockActivityEnvironment().run(
    createRetentionActivities({ prisma: db.prisma, media, log: pino({ level: "silent" }) }).applyRetention,
  );

interface EpisodeAnswer {
  state: string;
  audioRemovedAt: string | null;
}

/** A channel with episodes that are out, the first the oldest, and their files. */
async function podcast(...names: string[]) {
  const { prisma } = db;
  const { media } = web.deps;
  const ann = await web.signUp();
  const channel = await addChannel(prisma, ann);
  const made: Record<string, { id: string; videoId: string }> = {};
  for (const [at, name] of names.entries()) {
    const videoId = await channel.find(name, daysAgo(100 - at));
    const job = await channel.queue(name).catch(() => null);
    const video = job?.videoId ?? videoId;
    await job?.complete();
    const id = episodeIdOf(video);
    await media.putText(episodeAudioKey(video, 1), `sound of ${name}`);
    await media.putText(mediaKeys(video).original, `file of ${name}`);
    await media.putText(mediaKeys(video).rendition, `copy of ${name}`);
    const renditionKey = mediaKeys(video).rendition;
    await prisma.recording.update({ where: { id: video }, data: { renditionKey } });
    const originalDate = daysAgo(100 - at);
    await prisma.episode.update({ where: { id }, data: { audioKey: episodeAudioKey(video, 1), originalDate } });
    await changeEpisode(prisma, { userId: ann.userId, id }, "publish");
    made[name] = { id, videoId: video };
  }
  const path = `/api/channels/${channel.id}`;
  const { feedUrl } = await ann.json<{ feedUrl: string }>(path);
  const of = (name: string) => made[name] ?? { id: "", videoId: "" };
  return {
    ann,
    of,
    set: (body: object) => ann.json(path, { method: "PATCH", body }),
    feed: async () =>
      (parseRssFeed(await (await fetch(feedUrl)).text()).items ?? []).map(({ title, enclosures }) => ({
        title,
        url: enclosures?.[0]?.url ?? "",
      })),
    titles: async () => (parseRssFeed(await (await fetch(feedUrl)).text()).items ?? []).map(({ title }) => title),
    episode: (name: string) => ann.json<EpisodeAnswer>(`/api/episodes/${of(name).id}`),
    has: async (key: string) => (await media.size(key)) !== null,
    sound: (name: string, revision = 1) => episodeAudioKey(of(name).videoId, revision),
    /** Another cut, which is made. */
    async cut(name: string, { isMade = true } = {}) {
      const { id, videoId } = of(name);
      const ordered = await orderCut(prisma, { userId: ann.userId, id }, { start: 1, end: 10 });
      if (!ordered.ok) throw new Error(ordered.reason);
      if (!isMade) return ordered.runId;
      const { runId, revision } = ordered;
      await media.putText(episodeAudioKey(videoId, revision), "cut");
      const audio = { audioKey: episodeAudioKey(videoId, revision), audioType: "audio/mpeg" };
      const row = await findCut(prisma, runId);
      await prisma.$transaction((tx) => storeCut(tx, row!, { ...audio, audioBytes: 3, durationMs: 9_000 }));
      await prisma.run.update({ where: { id: runId }, data: { status: "cancelled", finishedAt: new Date() } });
      return runId;
    },
  };
}

test("a channel keeps all files unless it says otherwise", async () => {
  const at = await podcast("One", "Two");
  await db.prisma.episode.updateMany({ data: { createdAt: daysAgo(3_000) } });
  await sweep();
  expect(await at.titles()).toEqual(["Two", "One"]);
  expect(await at.has(at.sound("One"))).toBe(true);
  expect(await at.has(mediaKeys(at.of("One").videoId).original)).toBe(true);
});

test("of more published episodes than a channel keeps, the oldest lose their files and leave the feed; their words stay", async () => {
  const at = await podcast("One", "Two", "Three", "Four", "Held");
  await changeEpisode(db.prisma, { userId: at.ann.userId, id: at.of("Held").id }, "withdraw");
  await at.set({ keepEpisodes: 2 });
  expect(await at.titles()).toEqual(["Four", "Three", "Two", "One"]);
  const [, , two] = await at.feed();
  await sweep();
  expect(await at.titles()).toEqual(["Four", "Three"]);
  expect((await fetch(two?.url ?? "")).status).toBe(404);
  for (const name of ["One", "Two"]) {
    expect(await at.has(at.sound(name))).toBe(false);
    expect(await at.episode(name)).toMatchObject({ state: "published", audioRemovedAt: expect.any(String) });
    const conversation = await db.prisma.conversation.count({ where: { id: at.of(name).videoId } });
    expect([conversation, await at.has(mediaKeys(at.of(name).videoId).rendition)]).toEqual([1, true]);
  }
  // What is not out is nobody's newest, and nobody's oldest.
  expect(await at.has(at.sound("Held"))).toBe(true);
  const before = await at.episode("One");
  await sweep();
  expect(await at.episode("One")).toEqual(before);
  expect(await at.titles()).toEqual(["Four", "Three"]);

  // Wanted again: more are kept, and a new cut gives it a file.
  await at.set({ keepEpisodes: null });
  await at.cut("Two");
  await sweep();
  expect(await at.titles()).toEqual(["Four", "Three", "Two"]);
  expect(await at.episode("Two")).toMatchObject({ audioRemovedAt: null });
});

test("killed between file and row, the feed stands without the item, and the next look notes what is so", async () => {
  const at = await podcast("One", "Two");
  await at.set({ keepEpisodes: 1 });
  await web.deps.media.removeAll(at.sound("One"));
  expect(await at.titles()).toEqual(["Two"]);
  expect(await at.episode("One")).toMatchObject({ audioRemovedAt: null });
  await sweep();
  expect(await at.episode("One")).toMatchObject({ audioRemovedAt: expect.any(String) });
  expect(await at.titles()).toEqual(["Two"]);
});

test("a store that fails on one file keeps no other from being removed, and nothing is said to be gone that is there", async () => {
  const at = await podcast("One", "Two", "Three");
  await at.set({ keepEpisodes: 1 });
  const { media } = web.deps;
  const failing: MediaStore = {
    ...media,
    removeAll: (prefix) =>
      prefix === at.sound("One") ? Promise.reject(new Error("the store is away")) : media.removeAll(prefix),
  };
  await sweep(failing);
  expect(await at.has(at.sound("One"))).toBe(true);
  expect(await at.episode("One")).toMatchObject({ audioRemovedAt: null });
  expect(await at.episode("Two")).toMatchObject({ audioRemovedAt: expect.any(String) });
  await sweep();
  expect(await at.titles()).toEqual(["Three"]);
});

test("what is worked on is left alone until it is done", async () => {
  const at = await podcast("One", "Two");
  await at.set({ keepEpisodes: 1, originalsDays: 1 });
  await db.prisma.episode.updateMany({ data: { createdAt: daysAgo(2) } });
  const runId = await at.cut("One", { isMade: false });
  await sweep();
  expect(await at.has(at.sound("One"))).toBe(true);
  expect(await at.has(mediaKeys(at.of("One").videoId).original)).toBe(true);
  await db.prisma.run.update({ where: { id: runId }, data: { status: "cancelled", finishedAt: new Date() } });
  await sweep();
  expect(await at.has(at.sound("One"))).toBe(false);
});

test("the sound of earlier cuts is given out for a time, and then removed; the present one stays", async () => {
  const at = await podcast("One");
  const [first] = await at.feed();
  const runId = await at.cut("One");
  const [second] = await at.feed();
  const statuses = () => Promise.all([first, second].map(async (item) => (await fetch(item?.url ?? "")).status));
  await sweep();
  expect(await statuses()).toEqual([200, 200]);
  await db.prisma.run.update({ where: { id: runId }, data: { finishedAt: daysAgo(earlierCutsDays + 1) } });
  await sweep();
  expect(await statuses()).toEqual([404, 200]);
  expect([await at.has(at.sound("One", 1)), await at.has(at.sound("One", 2))]).toEqual([false, true]);
  await sweep();
  expect(await statuses()).toEqual([404, 200]);
});

test("fetched files go so many days after their episode was made: they count no more, and what is played stays", async () => {
  const at = await podcast("One", "Two", "Failed");
  await at.set({ originalsDays: 30 });
  const { prisma } = db;
  const failed = at.of("Failed").videoId;
  await prisma.episode.updateMany({
    where: { videoId: { not: at.of("Two").videoId } },
    data: { createdAt: daysAgo(31) },
  });
  // Somebody may try it again, from its file on.
  await prisma.run.updateMany({
    where: { conversationId: failed },
    data: { status: "failed", errorCode: "internal", errorMessage: "", errorStage: "summary", errorAttempt: 1 },
  });
  const bytes = await storedBytes(prisma, at.ann.userId);
  await sweep();
  await sweep();
  const originals = ["One", "Two", "Failed"].map((name) => at.has(mediaKeys(at.of(name).videoId).original));
  expect(await Promise.all(originals)).toEqual([false, true, true]);
  expect(await storedBytes(prisma, at.ann.userId)).toBe(bytes - 355_245);
  const get = (path: string) =>
    fetch(`${web.url}/api/recordings/${at.of("One").videoId}${path}`, { headers: at.ann.headers });
  expect(await (await get("/audio")).text()).toBe("copy of One");
  const gone = await get("/audio?download=1");
  expect([gone.status, await gone.text()]).toEqual([404, expect.stringContaining("The file was removed")]);
  expect(await at.titles()).toEqual(["Failed", "Two", "One"]);
});

test("what is kept is said in whole numbers or not at all", async () => {
  const at = await podcast();
  expect(await at.set({ keepEpisodes: 10, originalsDays: 3_650 })).toMatchObject({
    keepEpisodes: 10,
    originalsDays: 3650,
  });
  for (const wrong of [0, -1, 1.5, 3_651, "soon", {}]) {
    for (const name of ["keepEpisodes", "originalsDays"]) {
      await expect(at.set({ [name]: wrong })).rejects.toThrow("400");
    }
  }
  expect(await at.set({ keepEpisodes: null, originalsDays: "" })).toMatchObject({
    keepEpisodes: null,
    originalsDays: null,
  });
});
