import { expect, test } from "vitest";
import { VexaMeeting } from "#activities/clients/bots/vexa-answers.ts";
import { statusOf } from "#activities/clients/bots/vexa-status.ts";

const told = (more: object) =>
  statusOf(VexaMeeting.parse({ id: 7, platform: "zoom", native_meeting_id: "123456789", status: "active", ...more }));

test.for([
  ["requested", "requested"],
  ["joining", "joining"],
  ["awaiting_admission", "waiting_room"],
  ["needs_help", "waiting_room"],
  ["active", "recording"],
  ["stopping", "leaving"],
  ["completed", "ended"],
  ["failed", "failed"],
  ["something_new", "requested"],
] as const)("%s is %s", ([status, state]) => {
  expect(told({ status })).toMatchObject({ id: "7", state });
});

test.for([
  ["completed", "stopped", "stopped"],
  ["completed", "left_alone", "alone"],
  ["completed", "startup_alone", "not_started"],
  ["completed", "evicted", "removed"],
  ["completed", "max_bot_time_exceeded", "too_long"],
  ["completed", null, "meeting_ended"],
  ["completed", "something_new", "unknown"],
  ["failed", "awaiting_admission_timeout", "waiting_room_timeout"],
  ["failed", "awaiting_admission_rejected", "denied"],
  ["failed", "auth_session_missing", "sign_in_required"],
  ["failed", "join_failure", "crashed"],
  ["failed", "something_new", "crashed"],
  ["failed", null, "crashed"],
  ["stopping", null, "stopped"],
] as const)("%s for %s: %s", ([status, completion_reason, reason]) => {
  expect(told({ status, data: { completion_reason } }).reason).toBe(reason);
});

test("when it came in is told by its steps, and without them only of who was in", () => {
  const at = (second: number) => `2026-11-28T10:00:0${second}Z`;
  const steps = (...all: string[]) => all.map((to, index) => ({ from: "x", to, timestamp: at(index) }));
  const start_time = at(9);
  const whole = {
    status: "completed",
    start_time,
    data: { status_transition: steps("joining", "active", "completed") },
  };
  expect(told(whole)).toMatchObject({ joinedAt: new Date(at(1)), leftAt: new Date(at(2)) });
  const never = { status: "failed", start_time, data: { status_transition: steps("joining", "failed") } };
  expect(told(never)).toMatchObject({ joinedAt: null, leftAt: null });
  expect(told({ status: "completed", start_time })).toMatchObject({ joinedAt: new Date(start_time) });
  for (const status of ["requested", "failed"]) expect(told({ status, start_time }).joinedAt).toBeNull();
});

test("times without a zone are UTC, and what cannot be read of the steps is left out", () => {
  const meeting = { updated_at: "2026-11-28T10:00:00.123456", data: { status_transition: "many" } };
  expect(told(meeting)).toMatchObject({ at: new Date("2026-11-28T10:00:00.123Z"), state: "recording" });
});
