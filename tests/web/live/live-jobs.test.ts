import { expect, test } from "vitest";
import type { RunEventData, RunLiveEvent } from "#domain/live.ts";
import type { JobView } from "#records/channels/jobs.ts";
import { liveEvent, runData } from "#tests/live-event.ts";
import { applyToJobs, failureNotice, isNewsOfList, isTurnOfChannel } from "#web/components/podcasts/live-jobs.ts";

const at = "2026-11-28T12:00:00.000Z";
const told = (news: Partial<RunEventData>, type: RunLiveEvent["type"] = "run.progress") =>
  liveEvent(
    type,
    runData({
      kind: "video",
      conversationId: "video-1",
      title: "Harbour",
      stage: "downloading",
      percent: 12,
      message: "Downloading…",
      ...news,
    }),
    { topic: "channel:1", at },
  );

const job: JobView = {
  id: "run-1",
  videoId: "video-1",
  videoTitle: "Harbour",
  status: "pending",
  stage: "queued",
  progress: 0,
  message: "Waiting to start",
  attempt: 1,
  cancelRequested: false,
  error: null,
  createdAt: new Date("2026-11-28T11:00:00.000Z"),
  updatedAt: new Date("2026-11-28T11:00:00.000Z"),
};
const none: { active: readonly JobView[] } = { active: [] };
const one = { active: [job] };

test("D-53 jobs are kept by their id: progress puts one in, or in its own place", () => {
  const inserted = applyToJobs(none, told({}));
  expect(inserted.active).toMatchObject([
    { id: "run-1", videoId: "video-1", status: "processing", stage: "downloading", progress: 12 },
  ]);
  const other = applyToJobs(one, told({ runId: "run-2", conversationId: "video-2" }));
  expect(other.active.map(({ id }) => id)).toEqual(["run-1", "run-2"]);
  const moved = applyToJobs(other, told({ stage: "transcription", percent: 55, message: "Transcribing audio…" }));
  expect(moved.active.map(({ id }) => id)).toEqual(["run-1", "run-2"]);
  // When it was begun stays as it was read.
  expect(moved.active[0]).toMatchObject({ stage: "ai_analysis", progress: 55, createdAt: job.createdAt });
  expect(applyToJobs(moved, told({ stage: "transcription", percent: 55 })).active).toHaveLength(2);
});

test("D-54 D-55 a job that is over, however it ended, is dropped; the end of another changes nothing", () => {
  for (const status of ["completed", "failed", "cancelled"] as const) {
    expect(applyToJobs(one, told({ status })).active).toEqual([]);
    expect(applyToJobs(one, told({ status, runId: "run-2" }))).toBe(one);
  }
  expect(applyToJobs(one, liveEvent("conversation.deleted", { conversationId: "video-1" })).active).toEqual([]);
});

test("D-54 D-55 what is new but not told whole has the page read again; progress has not", () => {
  const episode = { channelId: "1", jobId: "run-1", videoId: "video-1", episodeId: "e", published: false };
  expect(isTurnOfChannel(liveEvent("episode.ready", episode))).toBe(true);
  expect(isTurnOfChannel(liveEvent("episode.changed", { ...episode, state: "withdrawn" }))).toBe(true);
  for (const type of ["run.created", "run.completed", "run.failed", "run.cancelled"] as const) {
    expect(isTurnOfChannel(told({}, type))).toBe(true);
    expect(isNewsOfList(told({}, type))).toBe(true);
    expect(isNewsOfList(told({ kind: "recording" }, type))).toBe(false);
  }
  for (const type of ["run.stage", "run.progress"] as const) {
    expect(isTurnOfChannel(told({}, type))).toBe(false);
    expect(isNewsOfList(told({}, type))).toBe(false);
  }
  expect(isNewsOfList(liveEvent("channel.changed", { channelId: "1" }))).toBe(true);
  expect(isNewsOfList(liveEvent("channel.deleted", { channelId: "1" }))).toBe(true);
});

test("D-55 a failure is told of in words, once for each attempt; a cancelled job is not", () => {
  const error = { code: "media_missing", message: "The file is gone.", stage: "downloading", attempt: 2 } as const;
  const failed = { status: "failed", attempt: 2, error } as const;
  expect(failureNotice(told(failed, "run.failed"))).toEqual({
    id: "run-1:2",
    type: "run.failed",
    title: "“Harbour” failed",
    body: "The file is gone.",
    link: null,
  });
  expect(failureNotice(told({ status: "cancelled" }, "run.cancelled"))).toBeNull();
  expect(failureNotice(told({ ...failed, kind: "recording" }, "run.failed"))).toBeNull();
});

test("a job that is tried again is at work again; runs of other kinds are none of them", () => {
  const again = applyToJobs(none, told({ status: "pending", percent: 0, attempt: 2 }, "run.created"));
  expect(again.active).toMatchObject([{ status: "pending", stage: "queued", attempt: 2, error: null }]);
  expect(applyToJobs(one, told({ kind: "recording" }))).toBe(one);
});
