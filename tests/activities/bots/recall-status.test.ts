import { expect, test } from "vitest";
import { statusOf } from "#activities/clients/bots/recall-status.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 28, 10, 0, seconds));
const bot = (...codes: string[]) => ({
  id: "bot",
  status_changes: codes.map((told, index) => {
    const [code = "", sub_code = null] = told.split(" ");
    return { code, sub_code, created_at: at(index) };
  }),
});

test("a bot of which nothing is told yet was requested, and whatever comes is later", () => {
  expect(statusOf(bot())).toMatchObject({ state: "requested", at: new Date(0), joinedAt: null, leftAt: null });
  expect(statusOf(bot("ready"))).toMatchObject({ state: "requested", at: at(0) });
});

test.for([
  ["in_waiting_room", "waiting_room"],
  ["in_call_not_recording", "in_call"],
  ["recording_permission_denied zoom_host_not_present", "in_call"],
  ["in_call_recording", "recording"],
  ["recording_done", "in_call"],
  ["call_ended bot_kicked_from_call", "processing"],
  ["done", "ended"],
  ["analysis_failed", "ended"],
  ["media_expired", "ended"],
  ["fatal bot_errored", "failed"],
] as const)("%s is %s", ([change, state]) => {
  expect(statusOf(bot("ready", "joining_call", change))).toMatchObject({ state, at: at(2) });
});

test("a code that nobody knows yet says no more than those before it", () => {
  const { state, at: since } = statusOf(bot("in_call_not_recording", "in_call_recording", "breakout_room_entered"));
  expect([state, since]).toEqual(["recording", at(2)]);
});

test("when it came in and went is told by the changes", () => {
  const told = ["joining_call", "in_call_not_recording", "in_call_recording", "call_ended call_ended_by_host", "done"];
  expect(statusOf(bot(...told))).toMatchObject({ joinedAt: at(1), leftAt: at(3), at: at(4) });
  expect(statusOf(bot("joining_call", "fatal meeting_full"))).toMatchObject({ joinedAt: null, leftAt: null });
});

test.for([
  ["call_ended timeout_exceeded_waiting_room", "waiting_room_timeout"],
  ["call_ended timeout_exceeded_everyone_left", "alone"],
  ["call_ended timeout_exceeded_silence_detected", "silent"],
  ["call_ended timeout_exceeded_noone_joined", "not_started"],
  ["call_ended timeout_exceeded_max_duration", "too_long"],
  ["call_ended bot_kicked_from_call", "removed"],
  ["call_ended bot_kicked_from_waiting_room", "denied"],
  ["call_ended bot_received_leave_call", "stopped"],
  ["call_ended something_new", "unknown"],
  ["call_ended", "unknown"],
  ["fatal meeting_requires_sign_in", "sign_in_required"],
  ["fatal meeting_link_expired", "meeting_not_found"],
  ["fatal meeting_locked", "denied"],
  ["fatal zoom_sdk_app_not_published", "not_set_up"],
  ["fatal something_new", "crashed"],
  ["fatal", "crashed"],
] as const)("%s: %s", ([change, reason]) => {
  expect(statusOf(bot("joining_call", change)).reason).toBe(reason);
});

test("a meeting that was sat out without recording is told so, unless the bot was told to leave", () => {
  const denied = ["in_call_not_recording", "recording_permission_denied zoom_local_recording_disabled"];
  expect(statusOf(bot(...denied, "call_ended call_ended_by_host")).reason).toBe("recording_denied");
  expect(statusOf(bot(...denied, "call_ended bot_received_leave_call")).reason).toBe("stopped");
  expect(statusOf(bot(...denied, "in_call_recording", "call_ended call_ended_by_host")).reason).toBe("meeting_ended");
});
