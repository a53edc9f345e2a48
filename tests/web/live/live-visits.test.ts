import { expect, test } from "vitest";
import type { RunEventData, RunLiveEvent } from "#domain/live.ts";
import type { OngoingVisit } from "#records/meetings/ongoing-meetings.ts";
import { liveEvent, runData } from "#tests/live-event.ts";
import { applyToVisits } from "#web/components/ongoing/live-visits.ts";

const at = "2026-11-21T12:00:00.000Z";
const earlier = new Date("2026-11-21T11:58:00.000Z");

const told = (news: Partial<RunEventData>, type: RunLiveEvent["type"] = "run.stage", topic = "workspace:1") =>
  liveEvent(
    type,
    runData({
      kind: "recorder",
      conversationId: null,
      title: "Planning",
      status: "starting",
      stage: "joining",
      message: "The bot is joining",
      ...news,
    }),
    { topic, at },
  );

const none = { visits: [], writable: ["workspace:1"] };
const visit: OngoingVisit = {
  runId: "run-1",
  title: "Planning",
  stage: "joining",
  message: "The bot was sent",
  since: earlier,
  stopping: false,
  canStop: true,
  eventId: "event-1",
};
const one = { ...none, visits: [visit] };

test("a bot is counted from when it is sent, and may be stopped where the reader's role allows it", () => {
  expect(applyToVisits(none, told({ status: "pending", stage: "upcoming" }, "run.created"))).toBe(none);
  const own = applyToVisits<{ visits: readonly OngoingVisit[]; writable: readonly string[] }>(none, told({}));
  expect(own.visits).toEqual([
    { ...visit, message: "The bot is joining", since: new Date(at), eventId: null, canStop: true },
  ]);
  const others = applyToVisits<typeof own>(none, told({}, "run.stage", "workspace:2"));
  expect(others.visits[0]?.canStop).toBe(false);
});

test("B-43 its words follow the bot; the call's time begins with the call, and what was known of it stays", () => {
  const joining = applyToVisits(one, told({}));
  expect(joining.visits).toEqual([{ ...visit, message: "The bot is joining" }]);
  const inCall = applyToVisits(joining, told({ status: "active", stage: "call", message: "In the call" }));
  expect(inCall.visits).toEqual([{ ...visit, stage: "call", message: "In the call", since: new Date(at) }]);
  const later = applyToVisits({ ...inCall, visits: [{ ...visit, stage: "call" }] }, told({ stage: "collect" }));
  expect(later.visits[0]).toMatchObject({ stage: "collect", since: earlier });
});

test("one that is called off is leaving until it is gone", () => {
  const leaving = applyToVisits(one, told({ message: "Cancelling", cancelRequested: true }, "run.cancel_requested"));
  expect(leaving.visits[0]?.stopping).toBe(true);
  expect(applyToVisits(leaving, told({})).visits[0]?.stopping).toBe(true);
  expect(applyToVisits(leaving, told({ status: "cancelled" }, "run.cancelled")).visits).toEqual([]);
});

test("whatever ends its run, and a retry that waits, takes it from the list; another's end does not", () => {
  for (const status of ["completed", "failed", "cancelled", "pending"] as const) {
    expect(applyToVisits(one, told({ status })).visits).toEqual([]);
    expect(applyToVisits(one, told({ status, runId: "run-2" }))).toBe(one);
  }
});

test("runs of other kinds and other news change nothing", () => {
  expect(applyToVisits(one, told({ kind: "meeting" }))).toBe(one);
  expect(applyToVisits(one, liveEvent("conversation.deleted", { conversationId: "run-1" }))).toBe(one);
});
