import { isBotDone } from "#domain/bot.ts";
import type { BotReason, BotState, BotStatus } from "#domain/bot.ts";
import type { VexaMeeting } from "./vexa-answers.ts";

/** Vexa's statuses of a bot. Source: Vexa-ai/vexa `docs/docs/api/meetings.mdx`, "Meeting statuses". */
const states = new Map<string, BotState>([
  ["requested", "requested"],
  ["joining", "joining"],
  ["awaiting_admission", "waiting_room"],
  // It waits for a person to help it over something in its browser.
  ["needs_help", "waiting_room"],
  ["active", "recording"],
  ["stopping", "leaving"],
  ["completed", "ended"],
  ["failed", "failed"],
]);

/** Of a meeting without a bot: a plan, which Vexa keeps under the same record. */
const planned = ["idle", "scheduled"];
export const isPlanned = ({ status }: Pick<VexaMeeting, "status">): boolean => planned.includes(status);

/** Whether Vexa lets no other bot into the same meeting. */
export const isOpen = ({ status }: Pick<VexaMeeting, "status">): boolean => !["completed", "failed"].includes(status);

/** Vexa's reasons. Source: Vexa-ai/vexa `core/meetings/contracts/lifecycle.v1`, CompletionReason. */
const reasons = new Map<string, BotReason>([
  ["stopped", "stopped"],
  ["left_alone", "alone"],
  ["startup_alone", "not_started"],
  ["evicted", "removed"],
  ["awaiting_admission_timeout", "waiting_room_timeout"],
  ["awaiting_admission_rejected", "denied"],
  ["auth_session_missing", "sign_in_required"],
  ["validation_error", "meeting_not_found"],
  ["max_bot_time_exceeded", "too_long"],
  ["join_failure", "crashed"],
]);

/** Where a bot stands, from Vexa's words. */
export function statusOf({ id, status, start_time, end_time, created_at, updated_at, data }: VexaMeeting): BotStatus {
  const state = states.get(status) ?? "requested";
  const steps = data?.status_transition ?? [];
  const told = data?.completion_reason ?? null;
  const since = (...to: string[]) => steps.find((step) => to.includes(step.to))?.timestamp ?? null;
  const isOut = isBotDone(state) || state === "leaving";
  // Without its steps, such as in a list, only who is or was in a meeting has begun one.
  const hasBegun = state === "recording" || state === "leaving" || state === "ended";
  const joinedAt = steps.length > 0 ? since("active") : ((hasBegun ? start_time : null) ?? null);
  return {
    id,
    state,
    reason: isOut ? reasonOf(state, told) : null,
    detail: isOut && told !== null ? `${status} ${told}` : "",
    // What is told without a time is older than anything with one.
    at: updated_at ?? steps.at(-1)?.timestamp ?? created_at ?? new Date(0),
    joinedAt,
    leftAt: joinedAt === null ? null : (since("completed", "failed") ?? end_time ?? null),
  };
}

function reasonOf(state: BotState, told: string | null): BotReason {
  if (state === "leaving") return "stopped";
  if (told === null) return state === "ended" ? "meeting_ended" : "crashed";
  return reasons.get(told) ?? (state === "failed" ? "crashed" : "unknown");
}
