import fc from "fast-check";
import { expect, test } from "vitest";
import { canJoin } from "#domain/bot-platforms.ts";
import { botProviders } from "#domain/bot.ts";
import { decisionReasons } from "#domain/calendar/decision.ts";
import type { DecisionReason } from "#domain/calendar/decision.ts";
import { describeDecision } from "#domain/calendar/describe-decision.ts";
import { platforms, responses } from "#domain/calendar/event.ts";
import { meetingChoices, overrides } from "#domain/calendar/preferences.ts";
import { shouldAutoJoin } from "#domain/calendar/should-auto-join.ts";
import { attendee, context, event, me, preferences } from "./auto-join-setup.ts";

const people = ["pat@home.example", "kim@home.example", "alex@acme.example", "x@gmail.com", "y@gmail.com"];
const words = ["HR", "sync", "1:1", "demo", "面談", "x"];
const hours = fc.constantFrom("00:00", "07:30", "12:00", "22:00");
const at = fc.date({
  min: new Date("2026-03-01T00:00:00Z"),
  max: new Date("2026-03-05T00:00:00Z"),
  noInvalidDate: true,
});

const anyEvent = fc
  .record({
    title: fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((all) => all.join(" ")),
    startsAt: at,
    endsAt: at,
    isAllDay: fc.boolean(),
    isCancelled: fc.boolean(),
    organizer: fc.constantFrom(null, ...people),
    attendees: fc.array(fc.tuple(fc.constantFrom(...people), fc.constantFrom(...responses))),
    platform: fc.option(fc.constantFrom(...platforms)),
  })
  .map(({ platform, attendees, ...fields }) =>
    event({
      ...fields,
      attendees: attendees.map(([email, response]) => attendee(email, response)),
      meeting: platform && { platform, room: "room", url: "https://meet.example/room" },
    }),
  );
const anyPreferences = fc
  .record({
    auto_record_enabled: fc.boolean(),
    excluded_keywords: fc.subarray(words, { maxLength: 2 }),
    required_keywords: fc.subarray(words),
    meetings: fc.constantFrom(...meetingChoices),
    only_accepted: fc.boolean(),
    quiet_hours: fc.option(fc.record({ from: hours, to: hours })),
    time_zone: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu"),
  })
  .map(preferences);
const anyContext = fc
  .record({
    now: at,
    switchedOn: fc.boolean(),
    inRollout: fc.boolean(),
    calendarIncluded: fc.boolean(),
    botProvider: fc.constantFrom(null, ...botProviders),
    addresses: fc.subarray([me, "x@gmail.com"]),
  })
  .map(context);
const anyOverride = fc.constantFrom(...overrides);
const given = [anyEvent, anyPreferences, anyOverride, anyContext] as const;
const facts = decisionReasons.slice(0, decisionReasons.indexOf("override_never"));

test("what is cancelled, over, without link, or refused by the person is never joined", () => {
  fc.assert(
    fc.property(...given, (of, rules, override, around) => {
      fc.pre(of.isCancelled || of.meeting === null || of.isAllDay || of.endsAt <= around.now || override === "never");
      expect(shouldAutoJoin(of, rules, override, around).join).toBe(false);
    }),
  );
});

test("no bot is sent where its provider's bots cannot join, whatever a person says", () => {
  fc.assert(
    fc.property(...given, (of, rules, override, around) => {
      fc.pre(around.botProvider !== null && of.meeting !== null && !canJoin(around.botProvider, of.meeting.platform));
      expect(shouldAutoJoin(of, rules, override, around).join).toBe(false);
    }),
  );
});

test("without a provider of bots the platform decides nothing", () => {
  fc.assert(
    fc.property(...given, (of, rules, override, around) => {
      const { reason } = shouldAutoJoin(of, rules, override, { ...around, botProvider: null });
      expect(reason).not.toBe("no_bot_for_platform");
    }),
  );
});

test("“always” is joined whatever the rules say, but for facts", () => {
  fc.assert(
    fc.property(...given, (of, rules, _, around) => {
      const { join, reason } = shouldAutoJoin(of, rules, "always", around);
      expect(join).toBe(!facts.includes(reason));
      expect([...facts, "override_always"]).toContain(reason);
    }),
  );
});

test("B-18: one decision, the same at each asking and whatever the order of people and keywords", () => {
  fc.assert(
    fc.property(...given, (of, rules, override, around) => {
      const decision = shouldAutoJoin(of, rules, override, around);
      const turned = shouldAutoJoin(
        { ...of, attendees: of.attendees.toReversed() },
        {
          ...rules,
          excluded_keywords: rules.excluded_keywords.toReversed(),
          required_keywords: rules.required_keywords.toReversed(),
        },
        override,
        { ...around, addresses: around.addresses.toReversed() },
      );
      expect(shouldAutoJoin(of, rules, override, around)).toEqual(decision);
      expect(turned).toEqual(decision);
    }),
  );
});

test("the reason is the first that holds: none before it is told once it is out of the way", () => {
  fc.assert(
    fc.property(...given, (of, rules, override, around) => {
      const { reason } = shouldAutoJoin(of, rules, override, around);
      const off = shouldAutoJoin(of, rules, override, { ...around, switchedOn: false });
      expect(off.reason).toBe("switched_off");
      const cancelled = shouldAutoJoin({ ...of, isCancelled: true }, rules, override, around);
      const rank = (each: DecisionReason) => decisionReasons.indexOf(each);
      expect(rank(cancelled.reason)).toBe(Math.min(rank(reason), rank("cancelled")));
      const never = shouldAutoJoin(of, rules, "never", around);
      expect(rank(never.reason)).toBe(Math.min(rank(reason), rank("override_never")));
    }),
  );
});

test("B-16: whoever has not turned it on has nothing joined that they did not ask for", () => {
  fc.assert(
    fc.property(...given, (of, rules, _, around) => {
      expect(shouldAutoJoin(of, { ...rules, auto_record_enabled: false }, "default", around).join).toBe(false);
    }),
  );
});

test("each decision has its own sentence", () => {
  const sentences = decisionReasons.map((reason) =>
    describeDecision({ join: reason === "rules" || reason === "override_always", reason, detail: "" }),
  );
  expect(new Set(sentences).size).toBe(decisionReasons.length);
  expect(describeDecision({ join: false, reason: "excluded_keyword", detail: "1:1" })).toBe(
    "Will not be joined: the title holds “1:1”.",
  );
  expect(describeDecision({ join: true, reason: "rules", detail: "someone from acme.com is invited" })).toBe(
    "Will be joined: someone from acme.com is invited.",
  );
});
