import fc from "fast-check";
import { expect, test } from "vitest";
import { statusOf } from "#activities/clients/bots/attendee-status.ts";
import { botReasons, botStates, isBotDone } from "#domain/bot.ts";

/** What `BotStates` and `BotEventSubTypes` of attendee-labs/attendee `bots/models.py` may say. */
const states = [
  "ready scheduled staged joining waiting_room joined_not_recording joined_recording joined_recording_paused",
  "joined_recording_permission_denied joining_breakout_room leaving_breakout_room leaving post_processing ended",
  "fatal_error data_deleted connecting connected disconnecting",
].flatMap((line) => line.split(" "));
const couldNotJoin = [
  "meeting_not_started_waiting_for_host unable_to_connect_to_meeting waiting_room_timeout_exceeded login_required",
  "zoom_authorization_failed authorized_user_not_in_meeting_timeout_exceeded bot_login_attempt_failed meeting_not_found",
  "zoom_meeting_status_failed unpublished_zoom_app zoom_sdk_internal_error request_to_join_denied blocked_by_captcha",
  "zoom_app_cannot_join_anonymously",
].flatMap((line) => line.split(" "));
const fatal = [
  "process_terminated attendee_internal_error out_of_credits rtmp_connection_failed ui_element_not_found",
  "heartbeat_timeout bot_not_launched global_runtime_timeout",
].flatMap((line) => line.split(" "));
const leaving = [
  "user_requested auto_leave_silence auto_leave_only_participant_in_meeting auto_leave_max_uptime_exceeded",
  "auto_leave_could_not_enable_closed_captions",
].flatMap((line) => line.split(" "));

const at = (minute: number) => new Date(Date.UTC(2026, 10, 28, 10, minute));
const bot = (state: string, ...events: (readonly [string, string?])[]) =>
  statusOf({
    id: "bot_1",
    state,
    events: events.map(([type, sub_type], minute) => ({ type, sub_type, created_at: at(minute) })),
  });

test("every state of Attendee's has one of ours, and only the final ones are final", () => {
  const done = states.filter((state) => isBotDone(bot(state, ["join_requested"], ["post_processing_completed"]).state));
  expect(done).toEqual(["ended", "fatal_error", "data_deleted"]);
});

test("every reason of Attendee's has one of ours", () => {
  const reasonsOf = (state: string, type: string, subTypes: string[]) =>
    subTypes.map((subType) => [subType, bot(state, ["join_requested"], [type, subType]).reason]);
  const told = [
    ...reasonsOf("fatal_error", "could_not_join_meeting", couldNotJoin),
    ...reasonsOf("fatal_error", "fatal_error", fatal),
    ...reasonsOf("ended", "leave_requested", leaving),
  ];
  expect(told.filter(([, reason]) => reason === "unknown" || reason === null)).toEqual([]);
});

test("a state that is not known stands where its events lead, never at the end by itself", () => {
  expect(bot("hovering").state).toBe("requested");
  expect(bot("hovering", ["join_requested"], ["joined_meeting"]).state).toBe("in_call");
  expect(bot("hovering", ["join_requested"], ["joined_meeting"], ["waved"]).state).toBe("in_call");
  expect(bot("constructor", ["toString"]).state).toBe("requested");
});

test("what was erased keeps how it had ended", () => {
  const failed = bot(
    "data_deleted",
    ["join_requested"],
    ["could_not_join_meeting", "login_required"],
    ["data_deleted"],
  );
  expect(failed).toMatchObject({ state: "failed", reason: "sign_in_required" });
  const ended = bot("data_deleted", ["meeting_ended"], ["post_processing_completed"], ["data_deleted"]);
  expect(ended).toMatchObject({ state: "ended", reason: "meeting_ended" });
});

test("the first cause of leaving is the reason, a breakdown above it", () => {
  const silent = [["joined_meeting"], ["leave_requested", "auto_leave_silence"], ["meeting_ended"]] as const;
  expect(bot("post_processing", ...silent)).toMatchObject({ reason: "silent", joinedAt: at(0), leftAt: at(2) });
  expect(bot("fatal_error", ...silent, ["fatal_error", "process_terminated"])).toMatchObject({
    state: "failed",
    reason: "crashed",
    leftAt: at(2),
  });
});

test("whatever Attendee says is read as something we know", () => {
  const word = fc.oneof(fc.constantFrom(...states, ...couldNotJoin, "meeting_ended", "leave_requested"), fc.string());
  const event = fc.record({
    type: word,
    sub_type: fc.option(word, { nil: undefined }),
    created_at: fc.date({ noInvalidDate: true }),
  });
  fc.assert(
    fc.property(word, fc.array(event), (state, events) => {
      const status = statusOf({ id: "bot_1", state, events });
      expect(botStates).toContain(status.state);
      expect([null, ...Object.keys(botReasons)]).toContain(status.reason);
    }),
  );
});
