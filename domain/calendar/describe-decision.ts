import type { Decision, DecisionReason } from "./decision.ts";

const responseLabels: Record<string, string> = {
  tentative: "you answered “maybe”",
  needs_action: "you have not answered the invitation",
  not_invited: "none of your addresses is among those invited",
};

/** What stands behind "Will be joined: " or "Will not be joined: ". */
const words: Record<DecisionReason, (detail: string) => string> = {
  switched_off: () => "joining meetings automatically is switched off for this Convene",
  not_in_rollout: () => "joining meetings automatically is not available to you yet",
  cancelled: () => "it is cancelled",
  ended: () => "it is over",
  all_day: () => "it lasts all day",
  no_link: () => "it holds no link of a meeting",
  no_bot_for_platform: (platform) => `the recording bots of this server cannot join meetings on ${platform}`,
  override_never: () => "you said so",
  override_always: () => "you said so",
  auto_record_off: () => "joining meetings automatically is off in your settings",
  calendar_left_out: () => "its calendar is left out in your settings",
  declined: () => "you declined it",
  not_accepted: (response) => responseLabels[response] ?? "you have not accepted it",
  excluded_keyword: (keyword) => `the title holds “${keyword}”`,
  required_keyword_missing: () => "the title holds none of your keywords",
  not_external: () => "nobody from outside is invited",
  not_internal: (domain) => (domain === "" ? "nobody else is invited" : `someone from ${domain} is invited`),
  not_organiser: () => "somebody else called it",
  quiet_hours: (hours) => `it begins in your quiet hours, ${hours}`,
  rules: (why) => (why === "" ? "your rules let it" : why),
};

/** A decision as a sentence, for pages, logs and the API. */
export const describeDecision = ({ join, reason, detail }: Decision): string =>
  `${join ? "Will be joined" : "Will not be joined"}: ${words[reason](detail)}.`;
