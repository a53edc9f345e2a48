import { isBotDone } from "#domain/bot.ts";
import type { BotReason, BotState, BotStatus } from "#domain/bot.ts";
import type { RecallBot, StatusChange } from "./recall-answers.ts";

/** Recall's codes. Sources: docs.recall.ai `docs/bot-status-change-events` and `reference/bot_list`. */
const states = new Map<string, BotState>([
  ["ready", "requested"],
  ["joining_call", "joining"],
  ["in_waiting_room", "waiting_room"],
  ["in_call_not_recording", "in_call"],
  ["recording_permission_allowed", "in_call"],
  ["recording_permission_denied", "in_call"],
  ["in_call_recording", "recording"],
  // It is still there, and records no more.
  ["recording_done", "in_call"],
  ["call_ended", "processing"],
  ["done", "ended"],
  ["media_expired", "ended"],
  ["analysis_done", "ended"],
  ["analysis_failed", "ended"],
  ["fatal", "failed"],
]);

/** Recall's reasons. Source: docs.recall.ai `docs/sub-codes`; what is not named here is `unknown` or `crashed`. */
const reasons = new Map<string, BotReason>([
  ["call_ended_by_host", "meeting_ended"],
  ["call_ended_by_platform_idle", "meeting_ended"],
  ["call_ended_by_platform_max_length", "meeting_ended"],
  ["call_ended_by_platform_waiting_room_timeout", "waiting_room_timeout"],
  ["timeout_exceeded_waiting_room", "waiting_room_timeout"],
  ["timeout_exceeded_noone_joined", "not_started"],
  ["timeout_exceeded_everyone_left", "alone"],
  ["timeout_exceeded_only_bots_detected_using_participant_names", "alone"],
  ["timeout_exceeded_only_bots_detected_using_participant_events", "alone"],
  ["timeout_exceeded_silence_detected", "silent"],
  ["timeout_exceeded_in_call_recording", "too_long"],
  ["timeout_exceeded_max_duration", "too_long"],
  ["timeout_exceeded_recording_permission_denied", "recording_denied"],
  ["timeout_exceeded_in_call_not_recording", "recording_denied"],
  ["bot_kicked_from_call", "removed"],
  ["bot_kicked_from_waiting_room", "denied"],
  ["bot_received_leave_call", "stopped"],
  ["google_meet_bot_blocked", "denied"],
  ["meeting_locked", "denied"],
  ["meeting_full", "denied"],
  ["meeting_not_found", "meeting_not_found"],
  ["meeting_link_expired", "meeting_not_found"],
  ["meeting_link_invalid", "meeting_not_found"],
  ["meeting_password_incorrect", "meeting_not_found"],
  ["meeting_ended", "meeting_not_found"],
  ["zoom_meeting_not_accessible", "meeting_not_found"],
  ["meeting_not_started", "not_started"],
  ["microsoft_teams_event_not_started_for_external", "not_started"],
  ["meeting_requires_sign_in", "sign_in_required"],
  ["meeting_requires_registration", "sign_in_required"],
  ["zoom_registration_required", "sign_in_required"],
  ["zoom_email_required", "sign_in_required"],
  ["microsoft_teams_bot_not_invited", "sign_in_required"],
  ["microsoft_teams_sign_in_credentials_missing", "sign_in_required"],
  ["google_meet_sign_in_missing_login_credentials", "sign_in_required"],
  ["zoom_sdk_credentials_missing", "not_set_up"],
  ["zoom_sdk_app_not_published", "not_set_up"],
  ["webex_join_meeting_error", "not_set_up"],
]);

const inside = ["in_call_not_recording", "recording_permission_allowed", "in_call_recording"];
const outside = ["call_ended", "done", "fatal"];

/** Where a bot stands, from Recall's words. */
export function statusOf({ id, status_changes }: RecallBot): BotStatus {
  const changes = status_changes ?? [];
  // A code that is not known here, such as a breakout room's, says no more than those before it.
  const state = changes.map(({ code }) => states.get(code)).findLast((each) => each !== undefined) ?? "requested";
  const ending = changes.find(({ code }) => code === "fatal") ?? changes.find(({ code }) => code === "call_ended");
  const isOut = isBotDone(state) || state === "processing";
  const joinedAt = changes.find(isOneOf(inside))?.created_at ?? null;
  return {
    id,
    state,
    reason: isOut ? reasonOf(ending, changes) : null,
    detail: isOut && ending !== undefined ? `${ending.code} ${ending.sub_code ?? ""}`.trim() : "",
    // Of a bot that is new nothing is said yet, and whatever comes is later.
    at: changes.at(-1)?.created_at ?? new Date(0),
    joinedAt,
    leftAt: joinedAt === null ? null : (changes.find(isOneOf(outside))?.created_at ?? null),
  };
}

function reasonOf(ending: StatusChange | undefined, changes: StatusChange[]): BotReason {
  if (ending === undefined) return "unknown";
  const told = reasons.get(ending.sub_code ?? "");
  const reason = told ?? (ending.code === "fatal" ? "crashed" : "unknown");
  // That a meeting was sat out without recording it says more than how it ended.
  return wasKeptFromRecording(changes) && ending.code === "call_ended" && reason !== "stopped"
    ? "recording_denied"
    : reason;
}

const wasKeptFromRecording = (changes: StatusChange[]) =>
  changes.some(isOneOf(["recording_permission_denied"])) && !changes.some(isOneOf(["in_call_recording"]));

const isOneOf =
  (codes: readonly string[]) =>
  ({ code }: StatusChange): boolean =>
    codes.includes(code);
