import { canJoin } from "../bot-platforms.ts";
import type { BotProviderId } from "../bot.ts";
import { decisionReasons } from "./decision.ts";
import type { Decision, DecisionReason } from "./decision.ts";
import { platformNames } from "./event.ts";
import type { Occurrence } from "./event.ts";
import { holdsKeyword } from "./keyword.ts";
import { otherAttendees } from "./other-attendees.ts";
import type { OtherAttendees } from "./other-attendees.ts";
import type { AutoJoinPreferences, Override } from "./preferences.ts";
import { quietHoursAt } from "./quiet-hours.ts";

export interface JoinContext {
  now: Date;
  /** Whether this Convene joins meetings by itself at all. */
  switchedOn: boolean;
  inRollout: boolean;
  /** Who would be sent; null: nobody sends bots, and what would be joined is decided all the same. */
  botProvider: BotProviderId | null;
  /** Whether the event's calendar is one that the person wants joined. */
  calendarIncluded: boolean;
  /** The person's own addresses, in lower case. */
  addresses: readonly string[];
}

interface Case {
  event: Occurrence;
  preferences: AutoJoinPreferences;
  override: Override;
  context: JoinContext;
  others: OtherAttendees;
}

/**
 * Whether a bot joins an event, and why: the first reason that holds, in the order of `decisionReasons`. What is, such
 * as a cancelled event, goes before what a person said about this event, and that before the person's rules.
 */
export function shouldAutoJoin(
  event: Occurrence,
  preferences: AutoJoinPreferences,
  override: Override,
  context: JoinContext,
): Decision {
  const given: Case = { event, preferences, override, context, others: otherAttendees(event, context.addresses) };
  for (const reason of decisionReasons) {
    if (reason === "rules") break;
    const detail = holds[reason](given);
    if (detail !== null) return { join: reason === "override_always", reason, detail };
  }
  return { join: true, reason: "rules", detail: whyRulesLetIt(given) };
}

const when = (isSo: boolean, detail = ""): string | null => (isSo ? detail : null);

/** What each reason is about ("" where nothing) if it holds; null if it does not. */
const holds: Record<Exclude<DecisionReason, "rules">, (given: Case) => string | null> = {
  switched_off: ({ context }) => when(!context.switchedOn),
  not_in_rollout: ({ context }) => when(!context.inRollout),
  cancelled: ({ event }) => when(event.isCancelled),
  ended: ({ event, context }) => when(event.endsAt <= context.now),
  all_day: ({ event }) => when(event.isAllDay),
  no_link: ({ event }) => when(event.meeting === null),
  no_bot_for_platform: ({ event: { meeting }, context: { botProvider } }) =>
    meeting === null || botProvider === null || canJoin(botProvider, meeting.platform)
      ? null
      : platformNames[meeting.platform],
  override_never: ({ override }) => when(override === "never"),
  override_always: ({ override }) => when(override === "always"),
  auto_record_off: ({ preferences }) => when(!preferences.auto_record_enabled),
  calendar_left_out: ({ context }) => when(!context.calendarIncluded),
  declined: (given) => when(ownResponse(given) === "declined"),
  not_accepted,
  excluded_keyword: ({ event, preferences }) => firstKeyword(event, preferences.excluded_keywords),
  required_keyword_missing: ({ event, preferences: { required_keywords } }) =>
    when(required_keywords.length > 0 && firstKeyword(event, required_keywords) === null),
  not_external: ({ preferences, others }) => when(preferences.meetings === "external" && others.foreignDomain === null),
  not_internal: ({ preferences, others }) =>
    when(
      preferences.meetings === "internal" && (others.foreignDomain !== null || !others.any),
      others.foreignDomain ?? "",
    ),
  not_organiser: (given) => when(given.preferences.meetings === "organised" && !isOrganiser(given)),
  quiet_hours: ({ event, preferences }) => quietHoursAt(event.startsAt, preferences),
};

/** The person's answer; of several addresses that are invited, the one that was accepted with. */
function ownResponse({ event, context }: Case) {
  const own = event.attendees.filter(({ email }) => context.addresses.includes(email)).map(({ response }) => response);
  return (["accepted", "declined", "tentative", "needs_action"] as const).find((response) => own.includes(response));
}

const isOrganiser = ({ event, context }: Case) =>
  event.organizer !== null && context.addresses.includes(event.organizer);

/** An event that nobody is invited to is the person's own. Who is invited through a list has not accepted. */
function not_accepted(given: Case): string | null {
  const { event, preferences } = given;
  if (!preferences.only_accepted || isOrganiser(given) || event.attendees.length === 0) return null;
  const response = ownResponse(given);
  return when(response !== "accepted", response ?? "not_invited");
}

/** By the alphabet, so that the order of the keywords does not show. */
const firstKeyword = ({ title }: Occurrence, keywords: readonly string[]) =>
  keywords.toSorted().find((keyword) => holdsKeyword(title, keyword)) ?? null;

function whyRulesLetIt({ event, preferences: { meetings, required_keywords }, others }: Case): string {
  if (meetings === "external") return `someone from ${others.foreignDomain} is invited`;
  if (meetings === "internal") return "only people of your own domain are invited";
  if (meetings === "organised") return "you called it";
  const keyword = firstKeyword(event, required_keywords);
  return keyword === null ? "" : `the title holds “${keyword}”`;
}
