import { afterAll, beforeAll, expect, test } from "vitest";
import { mapStretch } from "#domain/channels/judgement/edit-plan.ts";
import { editPlanOf, episodeChapters } from "#records/channels/decisions.ts";
import { jobsBecome, jobsOf, roomClient, soundFile, spoken } from "./system.ts";
import { startYoutubeChannels, youtubeId } from "./youtube-system.ts";
import type { YoutubeSystem } from "./youtube-system.ts";

let system: YoutubeSystem;
beforeAll(async () => {
  system = await startYoutubeChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

const topic = `https://www.youtube.com/feeds/videos.xml?channel_id=${youtubeId}`;
const push = (inside: string) =>
  system.hub.push(
    topic,
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">${inside}</feed>`,
  );
/** YouTube has a video, whose sound can be had. */
function publish(id: string, title: string, more: object = {}) {
  system.site.state.channel.videos.unshift({ id, title, publishedAt: new Date() });
  system.player.videos.set(id, { title, sound: soundFile(), ...more });
}

test("a video that push, look and backfill find at once is fetched once by the real yt-dlp, and withdrawn as YouTube deletes it", async () => {
  const { hub, player, db } = system;
  const ann = await system.web.signUp();
  const id = await system.addChannel(ann, { mode: "all" });
  await ann.json(`/api/channels/${id}`, { method: "PATCH", body: { withdrawsDeleted: true } });
  await expect.poll(() => hub.held.has(topic)).toBe(true);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => room.socket.connected).toBe(true);

  publish("fresh-00001", "Fresh");
  const backfill = { method: "POST", body: { since: "2026-01-01" } };
  await Promise.all([
    push("<entry/>"),
    system.look(ann, id),
    ann.json(`/agents/${id}/backfills`, backfill),
    push("<entry/>"),
  ]);
  await jobsBecome(ann, id, { Fresh: "completed" }, 400_000);
  await expect.poll(() => room.named("backfill:completed")).toHaveLength(1);
  expect(await db.prisma.run.count({ where: { channelId: id, kind: "video" } })).toBe(1);
  expect(room.named("video:discovered")).toHaveLength(1);
  expect(player.mediaRequests()).toHaveLength(1);

  const state = async () => (await db.prisma.episode.findFirstOrThrow({ where: { channelId: id } })).state;
  expect(await state()).toBe("published");
  const tombstone = (ref: string) => `<at:deleted-entry ref="yt:video:${ref}" when="2026-11-29T10:00:00+00:00"/>`;
  expect(await push(tombstone("other-00001"))).toBe(202);
  expect(await push(tombstone("fresh-00001"))).toBe(202);
  await expect.poll(state).toBe("withdrawn");
}, 700_000);

test("a video's own chapters are kept, stand where its words do after the cut, and outlast lists that do not tell of them", async () => {
  const { db } = system;
  const ann = await system.web.signUp();
  const id = await system.addChannel(ann, { mode: "all" });
  const chapters = [
    { title: "Hello", startSeconds: 0 },
    { title: "Middle", startSeconds: 12 },
    { title: "Close", startSeconds: 30 },
  ];
  publish("chapters-01", "Chaptered", { sound: spoken, seconds: 44, chapters });
  await system.look(ann, id);
  const [job] = await jobsBecome(ann, id, { Chaptered: "completed" }, 400_000);
  const videoId = job?.videoId ?? "";
  await system.look(ann, id);
  const { id: episodeId } = await db.prisma.episode.findFirstOrThrow({ where: { videoId } });
  const cut = async (revision: number, start: number, end: number) => {
    await ann.json(`/api/episodes/${episodeId}/cut`, { method: "POST", body: { start, end } });
    const now = async () => (await db.prisma.episode.findFirstOrThrow({ where: { videoId } })).revision;
    await expect.poll(now, { timeout: 100_000 }).toBe(revision);
    const plan = await editPlanOf(db.prisma, { videoId, revision });
    const at = plan && mapStretch(plan, { fromMs: 30_000, toMs: 40_000 });
    return { made: await episodeChapters(db.prisma, { videoId, revision }), closeMs: Math.round(at?.fromMs ?? NaN) };
  };
  const whole = await cut(2, 1, 43);
  expect(whole.made).toMatchObject([
    { title: "Hello", startMs: 0 },
    { title: "Middle" },
    { title: "Close", startMs: whole.closeMs },
  ]);
  // Of the first one too little is left, and the second one begins with the episode.
  const part = await cut(3, 10, 40);
  expect(part.made).toMatchObject([
    { title: "Middle", startMs: 0 },
    { title: "Close", startMs: part.closeMs },
  ]);
  expect(whole.closeMs - part.closeMs).toBeGreaterThan(5_000);
}, 700_000);

test("a premiere waits until it is over; a bot check holds up every job, uses up no try, and all go on after it", async () => {
  const { player, db } = system;
  const ann = await system.web.signUp();
  const id = await system.addChannel(ann);
  const refuse = (video: string, status: string, reason: string) =>
    Object.assign(player.videos.get(video) ?? {}, { playability: { status, reason } });
  publish("premiere-01", "Premiere");
  refuse("premiere-01", "LIVE_STREAM_OFFLINE", "Premieres in 3 hours");
  await system.look(ann, id);
  const runs = () =>
    db.prisma.run.findMany({
      where: { channelId: id, kind: "video" },
      include: { stages: true },
      orderBy: { id: "asc" },
    });
  const words = async () => (await runs()).map(({ message }) => message);
  await expect.poll(words, { timeout: 300_000 }).toEqual([expect.stringMatching(/is not over yet.* Next at /)]);

  for (const [video, title] of [
    ["blocked-001", "First"],
    ["blocked-002", "Second"],
  ] as const) {
    publish(video, title);
    refuse(video, "LOGIN_REQUIRED", "Sign in to confirm you’re not a bot");
  }
  await system.look(ann, id);
  const waiting = expect.stringMatching(/proof that a person is there.* It goes on at /) as string;
  await expect.poll(words, { timeout: 300_000 }).toEqual([expect.any(String), waiting, waiting]);
  expect((await runs()).map(({ status, stages }) => [status, ...stages.map(({ tries }) => tries)])).toEqual([
    ["processing", 0],
    ["processing", 0],
    ["processing", 0],
  ]);
  // One of them asked, and closed it for the other.
  const asked = player.requests.filter(({ path }) => path === "/watch").length;
  expect(await db.prisma.sourceGate.findUniqueOrThrow({ where: { source: "youtube" } })).toMatchObject({ blocks: 1 });

  // Time has passed: it is open again, the premiere is over, and nobody is asked for proof any more.
  for (const video of ["premiere-01", "blocked-001", "blocked-002"]) {
    delete player.videos.get(video)?.playability;
  }
  await db.prisma.sourceGate.deleteMany();
  for (const { id: jobId } of await jobsOf(ann, id)) {
    await ann.json(`/agents/${id}/jobs/${jobId}/cancel`, { method: "POST" });
  }
  await jobsBecome(ann, id, { Second: "failed", First: "failed", Premiere: "failed" });
  for (const { id: jobId } of await jobsOf(ann, id)) {
    await ann.json(`/agents/${id}/jobs/${jobId}/retry`, { method: "POST" });
  }
  await jobsBecome(ann, id, { Second: "completed", First: "completed", Premiere: "completed" }, 600_000);
  expect(player.requests.filter(({ path }) => path === "/watch").length).toBeGreaterThanOrEqual(asked + 3);
}, 1_200_000);
