/** Why a bot joins an event or not, most forceful first: the first that holds is the reason that is shown. */
export const decisionReasons = [
  "switched_off",
  "not_in_rollout",
  "cancelled",
  "ended",
  "all_day",
  "no_link",
  "no_bot_for_platform",
  "override_never",
  "override_always",
  "auto_record_off",
  "calendar_left_out",
  "declined",
  "not_accepted",
  "excluded_keyword",
  "required_keyword_missing",
  "not_external",
  "not_internal",
  "not_organiser",
  "quiet_hours",
  "rules",
] as const;
export type DecisionReason = (typeof decisionReasons)[number];

/** `detail`: what the reason is about where it is about something, such as the keyword that was found. */
export interface Decision {
  join: boolean;
  reason: DecisionReason;
  detail: string;
}
