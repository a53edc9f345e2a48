import { decisionReasons } from "#domain/calendar/decision.ts";
import type { Response } from "#domain/calendar/event.ts";
import type { BotNotice } from "#domain/calendar/notice.ts";
import type { Override } from "#domain/calendar/preferences.ts";
import type { EventView } from "#records/calendars/events.ts";
import type { LogView } from "#records/calendars/logs.ts";
import { plural } from "../ui/format.ts";

/** What an event is called, also where its calendar calls it nothing. */
export const titleOf = ({ title }: { title: string }): string => title || "Without a title";

export const responseLabels: Record<Response, string> = {
  accepted: "Accepted",
  declined: "Declined",
  tentative: "Maybe",
  needs_action: "No answer yet",
};

export const overrideLabels: Record<Override, string> = {
  default: "By your rules",
  always: "Always join",
  never: "Never join",
};

export const noticeLabels: Record<BotNotice, string> = {
  meeting_starting: "When a meeting that is to be joined is about to begin",
  bot_deployed: "When a bot is on its way to one",
  bot_in_call: "When a bot is in the call",
  bot_failed: "When a bot failed, so that the meeting is not recorded",
};

export const causeLabels: Record<LogView["cause"], string> = {
  sync: "The calendar was read",
  preferences: "You changed your rules",
  override: "You said so about the event",
  calendar: "You changed the calendar",
};

/** Whether what was decided about an event has been done, or cannot be any more. */
export const isSettled = ({ end, status }: Pick<EventView, "end" | "status">, now: Date): boolean =>
  end <= now || (status !== null && status !== "scheduled");

/** A decision as a sentence. Of an event for which it is settled it is said what was to be. */
export const sentenceOf = (message: string, wasToBe: boolean): string =>
  wasToBe ? message.replace(/^Will( not)? be/, (_whole, not: string | undefined) => `Was${not ?? ""} to be`) : message;

const firstOfPerson = decisionReasons.indexOf("override_never");

/** Whether it makes a difference what a person says about an event, or there is something to take back. */
export function canOverride({ decision, said }: Pick<EventView, "decision" | "said">): boolean {
  const isSaid = said.one !== "default" || said.series !== "default";
  return isSaid || decisionReasons.indexOf(decision.reason) >= firstOfPerson;
}

const skipReasons: Record<string, [one: string, many: string]> = {
  damaged: ["damaged event", "damaged events"],
  rule_unreadable: ["series whose rule cannot be read", "series whose rules cannot be read"],
  too_frequent: ["series that repeats too often", "series that repeat too often"],
  too_many: ["event beyond the most that are kept", "events beyond the most that are kept"],
};

/** What the last reading left out of a calendar. */
export function describeSkipped({ reason, count }: { reason: string; count: number }): string {
  const [one, many] = skipReasons[reason] ?? ["event", "events"];
  return plural(count, one, many);
}

/** What takes the place of a recording bot where no provider of bots is set up. */
export const noBotYet =
  "No recording bot is set up on this server yet. You are reminded before each meeting that your rules choose, and can record it in a browser tab.";
