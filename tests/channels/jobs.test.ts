import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { episodeIdOf } from "#records/channels/episodes.ts";
import { queueVideo } from "#records/channels/videos.ts";
import { addChannel, channel, checked, jobsBecome, jobsOf, roomClient, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => {
  system.host.episodes.length = 0;
  system.host.state.mediaFault = null;
  system.host.state.feedFault = null;
});

let files = 0;
/** An item of the host's feed with sound behind it. */
function publish(title: string, publishedAt = new Date()) {
  files += 1;
  const file = `talk-${files}.wav`;
  system.host.add({ guid: `talk-${files}`, title, file, publishedAt, type: "audio/wav" }, soundFile());
  return file;
}
const longAgo = new Date("2024-05-01T10:00:00Z");

test("D-4 D-9 D-32 D-66 D-12 D-14 D-15 D-17 D-18 D-19 D-21 D-22 D-33 D-34 D-35 D-36 D-37 D-38 D-39 D-40 D-46 D-59 D-60 D-61 D-63 a feed's item becomes a held episode, and the room is told each step", async () => {
  const ann = await system.web.signUp();
  publish("Before", longAgo);
  const added = await addChannel(ann, system.host.feedUrl);
  using room = roomClient({ url: system.web.url, token: ann.token }, added.id);
  await checked(ann, added.id);
  expect(await jobsOf(ann, added.id)).toEqual([]);
  await expect.poll(() => system.host.requestsOf("/feed.xml").length).toBeGreaterThan(0);

  publish("On silence");
  await ann.json(`/api/channels/${added.id}/check`, { method: "POST" });
  const [job] = await jobsBecome(ann, added.id, { "On silence": "completed" });
  expect(job).toMatchObject({ stage: "completed", progress: 100, error: null });
  await expect.poll(() => room.named("job:completed")).toHaveLength(1);

  const { id: jobId = "", videoId = "" } = job ?? {};
  const steps = room.named("job:progress") as { stage: string; progress: number; jobId: string; videoId: string }[];
  expect(new Set(steps.map((step) => `${step.jobId} ${step.videoId}`))).toEqual(new Set([`${jobId} ${videoId}`]));
  const first = new Map(steps.toReversed().map(({ stage, progress }) => [stage, progress]));
  expect([...first].toReversed()).toEqual([
    ["downloading", 10],
    ["speech_detection", 30],
    ["ai_analysis", 50],
    ["audio_processing", 70],
    ["uploading", 90],
    ["completed", 100],
  ]);
  const percents = steps.map(({ progress }) => progress);
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  const episodeId = episodeIdOf(videoId);
  expect(room.named("job:completed")).toMatchObject([{ jobId, episodeId, published: false }]);
  expect(room.events.at(-1)?.name).toBe("job:completed");
  expect(room.named("video:discovered")).toMatchObject([{ videoId, title: "On silence" }]);

  const row = await system.db.prisma.run.findUniqueOrThrow({ where: { id: jobId } });
  expect(row).toMatchObject({ stage: "done", percent: 100, workflowId: `video:${added.id}:${videoId}` });
  expect(job).toMatchObject({ videoTitle: "On silence", createdAt: expect.any(String), updatedAt: expect.any(String) });
  const detail = await ann.json(`/agents/${added.id}/jobs/${jobId}`);
  expect(detail).toMatchObject({ video: { title: "On silence" }, episode: { id: episodeId, state: "held" } });
  expect(await ann.json(`/agents/${added.id}/stats`)).toEqual({
    totalVideos: 1,
    totalEpisodes: 1,
    publishedEpisodes: 0,
    unpublishedEpisodes: 1,
    activeJobs: 0,
    failedJobs: 0,
    successRate: 100,
    finishedSuccessRate: 100,
  });
  const transcript = await ann.json<{ items: { text: string }[] }>(`/api/recordings/${videoId}/transcript`);
  expect(JSON.stringify(transcript)).toContain("We decided to meet again on Monday.");
});

test("D-41 where a channel publishes everything, an episode is out as its job is completed", async () => {
  const ann = await system.web.signUp();
  publish("At once", longAgo);
  const { id } = await addChannel(ann, system.host.feedUrl, { mode: "all" });
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await checked(ann, id);
  const { items } = await ann.json<{ items: { id: string }[] }>(`/api/channels/${id}/videos`);
  await ann.json(`/api/channels/${id}/videos/${items[0]?.id}/start`, { method: "POST" });
  await jobsBecome(ann, id, { "At once": "completed" });
  await expect.poll(() => room.named("job:completed")).toMatchObject([{ published: true }]);
  expect(await ann.json(`/agents/${id}/stats`)).toMatchObject({ publishedEpisodes: 1, unpublishedEpisodes: 0 });
});

test("D-7 D-8 D-10 D-11 D-13 D-16 D-23 jobs come page by page, the newest first; what waits or works is active", async () => {
  const ann = await system.web.signUp();
  for (const title of ["One", "Two", "Three"]) publish(title, longAgo);
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 3 });
  await jobsBecome(ann, id, { One: "processing", Two: "processing", Three: "processing" });
  const page = await ann.json<{ jobs: { videoTitle: string }[] }>(`/api/agents/${id}/jobs?page=2&limit=2`);
  expect(page).toMatchObject({ total: 3, page: 2, totalPages: 2 });
  expect(page.jobs.map(({ videoTitle }) => videoTitle)).toEqual(["One"]);
  const active = await ann.json<typeof page>(`/agents/${id}/jobs/active`);
  expect(active.jobs.map(({ videoTitle }) => videoTitle)).toEqual(["One", "Two", "Three"]);
  expect(await ann.json(`/agents/${id}/stats`)).toMatchObject({ totalVideos: 3, activeJobs: 3, successRate: 0 });
  const refusal = await fetch(`${system.web.url}/agents/${id}/jobs?limit=101`, { headers: ann.headers });
  expect([refusal.status < 500, Object.keys((await refusal.json()) as object)]).toEqual([true, ["error"]]);
});

test("D-6 D-20 D-42 D-62 a job that fails tells where and why, and goes on from there when it is tried again", async () => {
  const ann = await system.web.signUp();
  const { id } = await addChannel(ann, system.host.feedUrl);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await checked(ann, id);
  system.host.state.mediaFault = { kind: "status", status: 404 };
  publish("Lost", new Date());
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  const [failed] = await jobsBecome(ann, id, { Lost: "failed" });
  expect(failed).toMatchObject({ stage: "downloading", progress: 10, error: { code: "source_gone" } });
  await expect.poll(() => room.named("job:failed")).toHaveLength(1);
  const error = failed?.error?.message;
  expect(room.events.slice(-2)).toMatchObject([
    { name: "job:progress", data: { stage: "failed", progress: 0, message: error } },
    { name: "job:failed", data: { jobId: failed?.id, error, stage: "downloading" } },
  ]);
  const { items } = await ann.json<{ items: object[] }>("/api/notifications");
  expect(items).toMatchObject([{ type: "run.failed", title: "“Lost” failed" }]);

  system.host.state.mediaFault = null;
  await ann.json(`/agents/${id}/jobs/${failed?.id}/retry`, { method: "POST" });
  await jobsBecome(ann, id, { Lost: "completed" });
  expect(await ann.json(`/agents/${id}/stats`)).toMatchObject({ totalVideos: 1, totalEpisodes: 1, failedJobs: 0 });
});

test("what a channel's filters leave out is skipped with the reason, and a person may take it all the same", async () => {
  const ann = await system.web.signUp();
  for (const title of ["Sunday talk", "Notices"]) publish(title, longAgo);
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  const filters = { excludeWords: ["notices"] };
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 2, filters });
  await jobsBecome(ann, id, { "Sunday talk": "processing" });
  const { items } = await ann.json<{ items: { id: string }[] }>(`/api/channels/${id}/videos`);
  expect(items).toMatchObject([{ title: "Notices", state: "skipped", reason: "Its title holds “notices”." }]);
  await ann.json(`/api/channels/${id}/videos/${items[0]?.id}/start`, { method: "POST" });
  await jobsBecome(ann, id, { "Sunday talk": "processing", Notices: "processing" });
});

test("D-45 a video that is found many times at once makes one job", async () => {
  const ann = await system.web.signUp();
  publish("Only once", longAgo);
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  const row = await system.db.prisma.channel.findUniqueOrThrow({ where: { id } });
  const video = await system.db.prisma.video.findFirstOrThrow({ where: { channelId: id } });
  const taken = await Promise.all(Array.from({ length: 8 }, () => queueVideo(system.db.prisma, row, video.id)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const again = await fetch(`${system.web.url}/api/channels/${id}/videos/${video.id}/start`, {
    method: "POST",
    headers: ann.headers,
  });
  expect(again.status).toBe(409);
  await jobsBecome(ann, id, { "Only once": "completed" });
});

test("a file that was stored right before the worker was killed is not fetched again", async () => {
  const ann = await system.web.signUp();
  const file = publish("Stored", longAgo);
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  const { items } = await ann.json<{ items: { id: string }[] }>(`/api/channels/${id}/videos`);
  const folder = join(system.folder, "conversations", items[0]?.id ?? "");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "original"), soundFile());
  await ann.json(`/api/channels/${id}/videos/${items[0]?.id}/start`, { method: "POST" });
  await jobsBecome(ann, id, { Stored: "completed" });
  expect(system.host.requestsOf(`/media/${file}`)).toEqual([]);
});

test("D-48 D-50 D-51 D-73 D-74 D-75 who comes late or again is right, and a channel of others gives nothing", async () => {
  const [ann, eve] = [await system.web.signUp(), await system.web.signUp()];
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  publish("Slow");
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  await expect.poll(async () => (await jobsOf(ann, id))[0]?.stage).toBe("downloading");
  const [job] = await jobsOf(ann, id);
  using strange = roomClient({ url: system.web.url, token: eve.token }, id);
  using late = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => late.named("job:progress")).toMatchObject([{ jobId: job?.id, stage: "downloading" }]);
  late.socket.disconnect().connect();
  await expect.poll(() => late.named("job:progress").length).toBe(2);
  await ann.json(`/agents/${id}/jobs/${job?.id}/cancel`, { method: "POST" });
  await jobsBecome(ann, id, { Slow: "failed" });
  expect((await jobsOf(ann, id))[0]?.error?.code).toBe("cancelled");
  await expect.poll(() => late.named("job:failed")).toHaveLength(1);
  expect(strange.events).toEqual([]);
  for (const path of ["jobs", "jobs/active", `jobs/${job?.id}`, "stats"]) {
    const answer = await fetch(`${system.web.url}/agents/${id}/${path}`, { headers: eve.headers });
    expect([answer.status, await answer.json()]).toEqual([404, { error: expect.any(String) }]);
  }
});

test("the address of a page leads to the feed that it names", async () => {
  const ann = await system.web.signUp();
  const link = `<link rel="alternate" type="application/rss+xml" href="${system.host.feedUrl}">`;
  system.host.lay("/show", `<!doctype html><html><head>${link}</head><body>A show</body></html>`, "text/html");
  const { id } = await addChannel(ann, `${system.host.url}/show`);
  await checked(ann, id);
  expect(await channel(ann, id)).toMatchObject({ url: system.host.feedUrl, title: expect.not.stringMatching(/^127/) });
});

test("a feed's whole address, which often holds a listener's key, is for whoever may change the channel", async () => {
  const [ann, ben] = [await system.web.signUp(), await system.web.signUp()];
  const secret = `${system.host.feedUrl}?key=s3cret`;
  const { id } = await addChannel(ann, secret);
  await system.db.prisma.membership.create({
    data: { workspaceId: ann.workspaceId, userId: ben.userId, role: "viewer" },
  });
  expect(await channel(ann, id)).toMatchObject({ url: secret });
  expect(await channel(ben, id)).toMatchObject({ id, url: null });
  const lists = await ben.json("/api/channels");
  expect(JSON.stringify(lists)).not.toContain("s3cret");
});

test("a channel that cannot be read says why, and is well again by itself", async () => {
  const ann = await system.web.signUp();
  system.host.state.feedFault = { kind: "status", status: 410 };
  const { id } = await addChannel(ann, system.host.feedUrl);
  await expect.poll(async () => (await channel(ann, id)).check.problem?.code).toBe("gone");
  const { items } = await ann.json<{ items: object[] }>("/api/notifications");
  expect(items).toMatchObject([{ type: "channel.failing" }]);
  system.host.state.feedFault = null;
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  await checked(ann, id);
});

test("deleting a channel ends its jobs and removes its files (MinusPod#525)", async () => {
  const ann = await system.web.signUp();
  publish("Done", longAgo);
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 1 });
  const [done] = await jobsBecome(ann, id, { Done: "completed" });
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  publish("Under way");
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  const [open] = await jobsBecome(ann, id, { "Under way": "processing", Done: "completed" });
  const run = await system.db.prisma.run.findUniqueOrThrow({ where: { id: open?.id ?? "" } });
  const answer = await fetch(`${system.web.url}/api/channels/${id}`, { method: "DELETE", headers: ann.headers });
  expect(answer.status).toBe(204);
  const workflow = system.client.workflow.getHandle(run.workflowId);
  await expect.poll(async () => (await workflow.describe()).status.name).toBe("TERMINATED");
  const ids = [done?.videoId ?? "", open?.videoId ?? ""];
  const { prisma } = system.db;
  expect(await prisma.conversation.count({ where: { id: { in: ids } } })).toBe(0);
  expect(await prisma.episode.count({ where: { channelId: id } })).toBe(0);
});

test("D-3 D-67 a front end at FRONTEND_URL reads jobs with people's cookies and follows the room; others may not", async () => {
  const ann = await system.web.signUp();
  const { id } = await addChannel(ann, system.host.feedUrl);
  const from = (origin: string, path: string, more: { method?: string; headers?: Record<string, string> } = {}) =>
    fetch(`${system.web.url}${path}`, { ...more, headers: { cookie: ann.cookie, origin, ...more.headers } });
  const frontEnd = "http://localhost:5173";
  const read = await from(frontEnd, `/agents/${id}/jobs`);
  expect([read.status, read.headers.get("access-control-allow-origin")]).toEqual([200, frontEnd]);
  expect(read.headers.get("access-control-allow-credentials")).toBe("true");
  const preflight = { "access-control-request-method": "PATCH", "access-control-request-headers": "content-type" };
  const asked = await from(frontEnd, `/api/channels/${id}`, { method: "OPTIONS", headers: preflight });
  expect([asked.status, asked.headers.get("access-control-allow-methods")]).toEqual([
    204,
    expect.stringMatching(/PATCH/),
  ]);
  expect((await from(frontEnd, `/api/channels/${id}/check`, { method: "POST" })).status).toBe(202);

  const stranger = await from("https://evil.example", `/agents/${id}/jobs`);
  expect(stranger.headers.get("access-control-allow-origin")).not.toBe("https://evil.example");
  expect((await from("https://evil.example", `/api/channels/${id}/check`, { method: "POST" })).status).toBe(403);
  // Signing in and pages' forms are for our own pages alone.
  expect((await from(frontEnd, "/sign-out", { method: "POST" })).status).toBe(403);
  const connects = (origin: string) =>
    new Promise<boolean>((resolve) => {
      const socket = io(system.web.url, {
        transports: ["websocket"],
        auth: { token: ann.token },
        extraHeaders: { origin },
        reconnection: false,
      });
      const end = (did: boolean) => (socket.disconnect(), resolve(did));
      socket.on("connect", () => end(true)).on("connect_error", () => end(false));
    });
  expect([await connects(frontEnd), await connects("https://evil.example")]).toEqual([true, false]);
});
