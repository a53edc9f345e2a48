import { isBotDone } from "#domain/bot.ts";
import type { BotReason, BotState, BotStatus } from "#domain/bot.ts";
import type { AttendeeBot, AttendeeEvent } from "./attendee-answers.ts";

/** Attendee's states. Source: attendee-labs/attendee `bots/models.py`, BotStates. */
const states = new Map<string, BotState>([
  ["ready", "requested"],
  ["scheduled", "requested"],
  ["staged", "requested"],
  ["joining", "joining"],
  ["connecting", "joining"],
  ["waiting_room", "waiting_room"],
  ["joined_not_recording", "in_call"],
  ["joined_recording_paused", "in_call"],
  ["joined_recording_permission_denied", "in_call"],
  ["joining_breakout_room", "in_call"],
  ["leaving_breakout_room", "in_call"],
  ["joined_recording", "recording"],
  ["connected", "recording"],
  ["leaving", "leaving"],
  ["disconnecting", "leaving"],
  ["post_processing", "processing"],
  ["ended", "ended"],
  ["fatal_error", "failed"],
]);

/** The state that an event leads to, for a state that is not known here. Source: BotEventManager.VALID_TRANSITIONS. */
const statesAfter = new Map<string, BotState>([
  ["staged", "requested"],
  ["join_requested", "joining"],
  ["put_in_waiting_room", "waiting_room"],
  ["joined_meeting", "in_call"],
  ["recording_permission_granted", "recording"],
  ["recording_permission_denied", "in_call"],
  ["recording_paused", "in_call"],
  ["recording_resumed", "recording"],
  ["leave_requested", "leaving"],
  ["left_meeting", "processing"],
  ["meeting_ended", "processing"],
  ["post_processing_completed", "ended"],
  ["could_not_join_meeting", "failed"],
  ["fatal_error", "failed"],
]);

const failing = ["could_not_join_meeting", "fatal_error"];
const leaving = ["leave_requested", "meeting_ended", "left_meeting"];
const outside = ["meeting_ended", "left_meeting", "fatal_error"];

/** Attendee's reasons. Source: BotEventSubTypes, each of which belongs to one type of events. */
const reasons = new Map<string, BotReason>([
  ["user_requested", "stopped"],
  ["auto_leave_silence", "silent"],
  ["auto_leave_only_participant_in_meeting", "alone"],
  ["auto_leave_max_uptime_exceeded", "too_long"],
  ["auto_leave_could_not_enable_closed_captions", "crashed"],
  ["meeting_not_started_waiting_for_host", "not_started"],
  ["request_to_join_denied", "denied"],
  ["waiting_room_timeout_exceeded", "waiting_room_timeout"],
  ["meeting_not_found", "meeting_not_found"],
  // Mostly a wrong password in the address.
  ["unable_to_connect_to_meeting", "meeting_not_found"],
  ["login_required", "sign_in_required"],
  ["bot_login_attempt_failed", "sign_in_required"],
  ["zoom_app_cannot_join_anonymously", "sign_in_required"],
  ["authorized_user_not_in_meeting_timeout_exceeded", "sign_in_required"],
  ["zoom_authorization_failed", "not_set_up"],
  ["unpublished_zoom_app", "not_set_up"],
  ["out_of_credits", "not_set_up"],
  ["zoom_meeting_status_failed", "crashed"],
  ["zoom_sdk_internal_error", "crashed"],
  ["blocked_by_captcha", "crashed"],
  ["process_terminated", "crashed"],
  ["rtmp_connection_failed", "crashed"],
  ["ui_element_not_found", "crashed"],
  ["heartbeat_timeout", "crashed"],
  ["bot_not_launched", "crashed"],
  ["attendee_internal_error", "crashed"],
  ["global_runtime_timeout", "too_long"],
]);

/** Where a bot stands, from Attendee's words. */
export function statusOf({ id, state: word, events }: AttendeeBot): BotStatus {
  const state = stateOf(word, events);
  const isOut = isBotDone(state) || state === "leaving" || state === "processing";
  const ending = state === "failed" ? events.findLast(isOneOf(failing)) : events.find(isOneOf(leaving));
  const joinedAt = events.find(isOneOf(["joined_meeting"]))?.created_at ?? null;
  return {
    id,
    state,
    reason: isOut ? reasonOf(ending, events) : null,
    detail: isOut && ending !== undefined ? `${ending.type} ${ending.sub_type ?? ""}`.trim() : "",
    at: events.at(-1)?.created_at ?? new Date(),
    joinedAt,
    leftAt: joinedAt === null ? null : (events.find(isOneOf(outside))?.created_at ?? null),
  };
}

function stateOf(word: string, events: AttendeeEvent[]): BotState {
  const known = states.get(word);
  if (known !== undefined) return known;
  // Erasing comes after the end and says nothing of it; a word that is not known says no more than the events do.
  return events.map(({ type }) => statesAfter.get(type)).findLast((state) => state !== undefined) ?? "requested";
}

function reasonOf(ending: AttendeeEvent | undefined, events: AttendeeEvent[]): BotReason {
  if (ending === undefined) return "unknown";
  const told = ending.sub_type == null ? withoutSubType.get(ending.type) : reasons.get(ending.sub_type);
  const reason = told ?? (ending.type === "fatal_error" ? "crashed" : "unknown");
  // That a meeting was sat out without recording it says more than how it ended.
  return wasKeptFromRecording(events) && !failing.includes(ending.type) && reason !== "stopped"
    ? "recording_denied"
    : reason;
}

// Leaving without a sub type is an older Attendee's word for being told to. Somebody's removing the bot is told as a
// meeting's end, and by Teams alone with more words, which the list of events does not repeat.
const withoutSubType = new Map<string, BotReason>([
  ["leave_requested", "stopped"],
  ["meeting_ended", "meeting_ended"],
]);

const wasKeptFromRecording = (events: AttendeeEvent[]) =>
  events.some(isOneOf(["recording_permission_denied"])) && !events.some(isOneOf(["recording_permission_granted"]));

const isOneOf =
  (types: readonly string[]) =>
  ({ type }: AttendeeEvent): boolean =>
    types.includes(type);
