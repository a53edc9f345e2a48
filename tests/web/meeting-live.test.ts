import { expect, test } from "vitest";
import type { MeetingEventData, RunEventData } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { OngoingMeeting } from "#records/meetings/ongoing-meetings.ts";
import { liveEvent, runData } from "#tests/live-event.ts";
import { applyToCallPage } from "#web/components/meetings/live-meeting.ts";
import { applyToOngoing } from "#web/components/ongoing/live-ongoing.ts";
import type { CallData } from "#web/pages/meetings/meeting-data.ts";

const at = "2026-11-21T12:00:00.000Z";
const run = (news: Partial<RunEventData>) =>
  runData({ kind: "meeting", conversationId: "m-1", title: "Portuguese", status: "active", stage: "call", ...news });

const call = {
  id: "m-1",
  title: "Portuguese",
  run: { id: "run-1", status: "active", stage: "call", percent: 0, message: "", attempt: 1, error: null, stages: [] },
  call: { startedAt: null, endedAt: null, processingSince: null, agentState: "joining", agentMessage: "" },
  speakers: [{ label: "agent", displayName: "Iris" }],
  captions: [{ id: "s-0", label: "agent", text: "Hello." }],
} as unknown as CallData;

const inProcessing = run({ status: "processing", stage: "drain", percent: 5 });
const failed = run({
  status: "failed",
  stage: "summary",
  error: { code: "provider_unavailable", message: "No answer.", stage: "summary", attempt: 1 },
});

test("what the agent does is told to the people in the call", () => {
  const data: MeetingEventData = {
    conversationId: "m-1",
    scheduledAt: null,
    startedAt: at,
    endedAt: null,
    agentState: "failed",
    agentMessage: "The key was refused.",
  };
  const told = applyToCallPage(call, liveEvent("meeting.changed", data));
  expect(told.call).toMatchObject({ agentState: "failed", agentMessage: "The key was refused." });
  expect(told.call.startedAt).toEqual(new Date(at));
});

test("the work's time is counted from its beginning, and anew where somebody tries again", () => {
  const working = applyToCallPage(call, liveEvent("run.stage", inProcessing));
  expect([meetingViewOf(working.run), working.call.processingSince]).toEqual(["processing", new Date(at)]);
  const since = new Date("2026-11-21T11:00:00.000Z");
  const further = { ...working, call: { ...working.call, processingSince: since } };
  const moved = applyToCallPage(further, liveEvent("run.progress", { ...inProcessing, percent: 40 }));
  expect([moved.run.percent, moved.call.processingSince]).toEqual([40, since]);
  const broken = applyToCallPage(moved, liveEvent("run.failed", failed));
  expect([meetingViewOf(broken.run), broken.run.error?.message]).toEqual(["failed", "No answer."]);
  const retried = run({ status: "pending", stage: "summary", percent: 30, attempt: 2 });
  const again = applyToCallPage(broken, liveEvent("run.created", retried));
  expect([meetingViewOf(again.run), again.call.processingSince]).toEqual(["processing", new Date(at)]);
});

test("the newest words stand beside the call, once each and not without end", () => {
  const say = (state: CallData, id: string) =>
    applyToCallPage(
      state,
      liveEvent("segment.added", { id, sequenceNumber: 1, speaker: "user", text: id, start: 0, end: 1 }),
    );
  expect(say(say(call, "s-1"), "s-1").captions.map(({ id }) => id)).toEqual(["s-0", "s-1"]);
  const named = applyToCallPage(
    say(call, "s-1"),
    liveEvent("speaker.renamed", { label: "user", displayName: "Grace" }),
  );
  expect(named.speakers).toContainEqual({ label: "user", displayName: "Grace" });
  const many = Array.from({ length: 50 }, (_, index) => `s-${index + 1}`).reduce(say, call);
  expect(many.captions.length).toBe(20);
  expect(many.captions.at(-1)?.id).toBe("s-50");
});

const ongoing: { items: readonly OngoingMeeting[] } = {
  items: [{ id: "m-1", title: "Portuguese", view: "active", since: new Date("2026-11-21T11:50:00.000Z") }],
};

test("the indicator follows a meeting from its call through the work to its end", () => {
  const working = applyToOngoing(ongoing, liveEvent("run.stage", inProcessing));
  expect(working.items).toEqual([{ ...ongoing.items[0], view: "processing" }]);
  for (const over of [failed, run({ status: "completed", stage: "done" }), run({ status: "cancelled" })]) {
    expect(applyToOngoing(working, liveEvent("run.completed", over)).items).toEqual([]);
  }
});

test("the indicator tells of meetings that begin, and not of recordings or of meetings to come", () => {
  const other = { runId: "run-2", conversationId: "m-2", title: "Second" };
  const begun = applyToOngoing(
    ongoing,
    liveEvent("run.started", run({ ...other, status: "starting", stage: "upcoming" })),
  );
  expect(begun.items.map(({ id, since }) => [id, since])).toEqual([
    ["m-1", ongoing.items[0]?.since],
    ["m-2", new Date(at)],
  ]);
  const planned = run({ ...other, status: "pending", stage: "upcoming" });
  expect(applyToOngoing(ongoing, liveEvent("run.created", planned)).items).toEqual(ongoing.items);
  const recording = run({ ...other, kind: "recording", status: "processing", stage: "transcode" });
  expect(applyToOngoing(ongoing, liveEvent("run.stage", recording))).toBe(ongoing);
});

test("the indicator drops what is deleted and knows what is renamed", () => {
  const renamed = liveEvent("conversation.changed", { conversationId: "m-1", title: "Português" });
  expect(applyToOngoing(ongoing, renamed).items[0]?.title).toBe("Português");
  expect(applyToOngoing(ongoing, liveEvent("conversation.deleted", { conversationId: "m-1" })).items).toEqual([]);
  expect(applyToOngoing(ongoing, liveEvent("conversation.changed", { conversationId: "m-1" }))).toBe(ongoing);
});
