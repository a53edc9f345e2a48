import type { WorkflowHandle } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUpkeepActivities } from "#activities/upkeep.ts";
import { episodeIdOf } from "#records/channels/episodes.ts";
import { addChannel, checked, jobsBecome, jobsOf, roomClient, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle["fetchHistory"]>>["events"]>[number];
const downloads = ({ activityTaskScheduledEventAttributes: each }: HistoryEvent) =>
  each?.activityType?.name === "downloadVideo" ? [each] : [];

const wav = () => ({ type: "audio/wav", publishedAt: new Date() });

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

test("D-76 a job that is hours at it keeps its place: no limit of time, upkeep or late watcher loses it", async () => {
  const ann = await system.web.signUp();
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  system.host.add({ guid: "1", title: "Very long", file: "1.wav", ...wav() }, soundFile());
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  await expect.poll(async () => (await jobsOf(ann, id))[0]?.stage).toBe("downloading");
  const { prisma } = system.db;
  const run = await prisma.run.findFirstOrThrow({ where: { channelId: id } });
  const workflow = system.client.workflow.getHandle(run.workflowId);
  const { events = [] } = await workflow.fetchHistory();
  const secondsOf = (each: { seconds?: unknown } | null | undefined) => Number(each?.seconds ?? 0);
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  expect([started?.workflowExecutionTimeout, started?.workflowRunTimeout].map(secondsOf)).toEqual([0, 0]);
  const scheduled = () => workflow.fetchHistory().then((history) => history.events?.flatMap(downloads) ?? []);
  await expect.poll(scheduled).toHaveLength(1);
  const [download] = await scheduled();
  expect(secondsOf(download?.startToCloseTimeout)).toBeGreaterThanOrEqual(6 * 3600);
  expect(secondsOf(download?.scheduleToCloseTimeout)).toBe(0);
  // A worker that dies is missed all the same.
  expect(secondsOf(download?.heartbeatTimeout)).toBe(20);

  const hoursAgo = new Date(Date.now() - 9 * 3_600_000);
  await prisma.$executeRaw`UPDATE run SET created_at = ${hoursAgo}, started_at = ${hoursAgo}, updated_at = ${hoursAgo} WHERE id = ${run.id}::uuid`;
  await prisma.liveEvent.updateMany({ where: { topic: `channel:${id}` }, data: { at: new Date(0) } });
  const upkeep = createUpkeepActivities({
    prisma,
    media: system.web.deps.media,
    scratchDir: system.folder,
    log: system.web.deps.log,
    botEraseAfterDays: 30,
    isWorkflowOpen: async (workflowId) =>
      (await system.client.workflow.getHandle(workflowId).describe()).status.name === "RUNNING",
  });
  await upkeep.restartLostRuns();
  await upkeep.clearExpired();
  using late = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => late.named("job:progress")).toMatchObject([{ jobId: run.id, stage: "downloading" }]);
  system.host.state.mediaFault = null;
  system.host.hangUp();
  await jobsBecome(ann, id, { "Very long": "completed" });
  await expect.poll(() => late.named("job:completed")).toHaveLength(1);
  expect(await prisma.run.findUniqueOrThrow({ where: { id: run.id } })).toMatchObject({ attempt: 1 });
});

test("weak points D 6 and D 19: while there are tries left nobody is told of a failure, and nothing is told after the end", async () => {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const { id } = await addChannel(ann, system.host.feedUrl);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await checked(ann, id);
  system.host.state.mediaFault = { kind: "cut", afterBytes: 1000 };
  system.host.add({ guid: "2", title: "Cut off", file: "2.wav", ...wav() }, soundFile());
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  await expect.poll(() => system.host.requestsOf("/media/2.wav").length).toBeGreaterThan(2);
  system.host.state.mediaFault = null;
  await jobsBecome(ann, id, { "Cut off": "completed" });
  await expect.poll(() => room.events.at(-1)?.name).toBe("job:completed");
  expect(room.named("job:failed")).toEqual([]);
  const numbers = room.events.map(({ data }) => data.seq);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
});

test("D-74 D-75 who was not there when a job ended learns of it on coming back; one that is tried again has not ended", async () => {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => room.socket.connected).toBe(true);
  system.host.state.mediaFault = { kind: "status", status: 404 };
  system.host.add({ guid: "3", title: "Lost", file: "3.wav", ...wav() }, soundFile());
  room.socket.disconnect();
  await ann.json(`/api/channels/${id}/check`, { method: "POST" });
  const [job] = await jobsBecome(ann, id, { Lost: "failed" });
  room.socket.connect();
  await expect
    .poll(() => room.events)
    .toMatchObject([
      { name: "job:failed", data: { jobId: job?.id, stage: "downloading", attempt: 1, error: job?.error?.message } },
    ]);

  room.socket.disconnect();
  system.host.state.mediaFault = { kind: "stall", afterBytes: 1000 };
  await ann.json(`/agents/${id}/jobs/${job?.id}/retry`, { method: "POST" });
  await expect.poll(async () => (await jobsOf(ann, id))[0]?.stage).toBe("downloading");
  room.socket.connect();
  // Its progress now, and whatever more comes while it lasts; not its first end once more.
  const since = () => room.events.slice(1);
  await expect.poll(since).toContainEqual(expect.objectContaining({ name: "job:progress" }));
  expect(since().filter(({ name, data }) => name !== "job:progress" || data.attempt !== 2)).toEqual([]);

  room.socket.disconnect();
  system.host.state.mediaFault = null;
  system.host.hangUp();
  await jobsBecome(ann, id, { Lost: "completed" });
  room.socket.connect();
  const done = { jobId: job?.id, episodeId: episodeIdOf(job?.videoId ?? ""), published: false };
  await expect.poll(() => room.events.at(-1)).toMatchObject({ name: "job:completed", data: done });
  expect(room.events.filter(({ name }) => name !== "job:progress").map(({ name }) => name)).toEqual([
    "job:failed",
    "job:completed",
  ]);
});
