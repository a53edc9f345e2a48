import { describe, expect, test } from "vitest";
import { attendee, decide, me } from "./auto-join-setup.ts";

const here = attendee("kim@home.example");
const foreign = attendee("alex@acme.example");

test("an event with a link is joined by the rules", () => {
  expect(decide({})).toEqual({ join: true, reason: "rules", detail: "" });
});

describe("facts, which nobody's word changes", () => {
  test.each([
    ["switched_off", {}, { switchedOn: false }],
    ["not_in_rollout", {}, { inRollout: false }],
    ["cancelled", { isCancelled: true }, {}],
    ["ended", { endsAt: new Date("2026-03-02T08:50:00Z") }, {}],
    ["all_day", { isAllDay: true }, {}],
    ["no_link", { meeting: null }, {}],
  ] as const)("%s", (reason, of, around) => {
    expect(decide(of, {}, "always", around)).toEqual({ join: false, reason, detail: "" });
  });
});

test("a meeting that the provider's bots cannot join is left alone, and the reason names its platform", () => {
  const jitsi = { meeting: { platform: "jitsi", room: "daily", url: "https://meet.jit.si/daily" } } as const;
  const decision = { join: false, reason: "no_bot_for_platform", detail: "Jitsi" };
  expect(decide(jitsi, {}, "always", { botProvider: "attendee" })).toEqual(decision);
  expect(decide(jitsi).join).toBe(true);
  expect(decide({}, {}, "default", { botProvider: "attendee" }).join).toBe(true);
});

test("a person's word on one event goes before all rules, and B-16: before being turned off", () => {
  const rules = { auto_record_enabled: false, excluded_keywords: ["sync"], only_accepted: true };
  const declined = { attendees: [attendee(me, "declined")] };
  expect(decide(declined, rules, "always", { calendarIncluded: false }).reason).toBe("override_always");
  expect(decide({}, {}, "never")).toMatchObject({ join: false, reason: "override_never" });
  expect(decide({}, { auto_record_enabled: false })).toMatchObject({ join: false, reason: "auto_record_off" });
  expect(decide({}, {}, "default", { calendarIncluded: false }).reason).toBe("calendar_left_out");
});

describe("answers to invitations", () => {
  test.each([
    ["declined", [attendee(me, "declined")], "declined", ""],
    ["tentative", [attendee(me, "tentative")], "not_accepted", "tentative"],
    ["unanswered", [attendee(me, "needs_action")], "not_accepted", "needs_action"],
    ["invited through a list", [attendee("all@home.example")], "not_accepted", "not_invited"],
    ["accepted", [attendee(me)], "rules", ""],
    ["nobody is invited", [], "rules", ""],
  ] as const)("%s", (_, attendees, reason, detail) => {
    expect(decide({ attendees: [...attendees] }, { only_accepted: true })).toMatchObject({ reason, detail });
  });

  test("whoever called the meeting has accepted", () => {
    const called = { organizer: me, attendees: [attendee(me, "needs_action"), here] };
    expect(decide(called, { only_accepted: true }).join).toBe(true);
  });

  test("of two addresses of one person, the one that accepted counts", () => {
    const both = { attendees: [attendee("pat@side.example", "declined"), attendee(me)] };
    expect(decide(both, {}, "default", { addresses: [me, "pat@side.example"] }).join).toBe(true);
  });
});

describe("keywords in the title", () => {
  test("B-17: a title that holds one is left alone, and the reason names it", () => {
    expect(decide({ title: "Pat / Kim 1:1" }, { excluded_keywords: ["private", "1:1"] })).toEqual({
      join: false,
      reason: "excluded_keyword",
      detail: "1:1",
    });
  });

  test.each([
    ["HR", "Talk with hr today", true],
    ["HR", "All three of us", false],
    ["hr", "HR_private", true],
    ["1:1", "Pat / Kim 1:1", true],
    ["1:1", "Lunch at 11:15", false],
    ["one on one", "Weekly One\u00a0on  one", true],
    ["Gehälter", "GEHA\u0308LTER 2026", true],
    ["strasse", "Straße", true],
    ["面談", "本日のHR面談です", true],
    ["HR", "本日のHR面談です", true],
    ["회의", "주간회의를 합니다", true],
    ["ประชุม", "การประชุมทีม", true],
    ["(private)", "Dentist(private)", true],
    [".*", "anything", false],
    ["𝒳", "a𝒳b", false],
  ])("%s in %s: %s", (keyword, title, isThere) => {
    const reason = isThere ? "excluded_keyword" : "rules";
    expect(decide({ title }, { excluded_keywords: ["zzz", keyword] })).toMatchObject({ join: !isThere, reason });
  });

  test("where keywords are required, a title without any is left alone", () => {
    const rules = { required_keywords: ["sales", "demo"] };
    expect(decide({ title: "Planning" }, rules).reason).toBe("required_keyword_missing");
    expect(decide({ title: "Demo for Acme" }, rules)).toMatchObject({
      reason: "rules",
      detail: "the title holds “demo”",
    });
  });
});

describe("who takes part", () => {
  test.each([
    ["external", [here, foreign], "rules", "someone from acme.example is invited"],
    ["external", [here], "not_external", ""],
    ["external", [], "not_external", ""],
    ["internal", [here, attendee(me)], "rules", "only people of your own domain are invited"],
    ["internal", [here, foreign], "not_internal", "acme.example"],
    ["internal", [attendee(me)], "not_internal", ""],
    ["internal", [attendee("c_1@resource.calendar.google.com")], "not_internal", ""],
  ] as const)("%s meetings: %j", (meetings, attendees, reason, detail) => {
    expect(decide({ attendees: [...attendees] }, { meetings })).toMatchObject({ reason, detail });
  });

  test("an organizer who is not listed takes part too", () => {
    expect(decide({ organizer: "alex@acme.example" }, { meetings: "external" }).join).toBe(true);
  });

  test("two people of one public mail domain are strangers", () => {
    const both = { attendees: [attendee("pat@gmail.com"), attendee("kim@gmail.com")] };
    const around = { addresses: ["pat@gmail.com"] };
    expect(decide(both, { meetings: "external" }, "default", around).join).toBe(true);
    expect(decide(both, { meetings: "internal" }, "default", around).reason).toBe("not_internal");
  });

  test("organised: only what the person called", () => {
    expect(decide({ organizer: me }, { meetings: "organised" })).toMatchObject({ join: true, detail: "you called it" });
    expect(decide({ organizer: "kim@home.example" }, { meetings: "organised" }).reason).toBe("not_organiser");
    expect(decide({}, { meetings: "organised" }).reason).toBe("not_organiser");
  });
});

describe("quiet hours", () => {
  const night = { quiet_hours: { from: "22:00", to: "07:00" }, time_zone: "Europe/Berlin" };
  const reasonAt = (start: string, rules: object = night) =>
    decide({ startsAt: new Date(start), endsAt: new Date("2026-12-31T00:00:00Z") }, rules).reason;

  test.each([
    ["2026-03-02T20:59:00Z", "rules"],
    ["2026-03-02T21:00:00Z", "quiet_hours"],
    ["2026-03-02T23:00:00Z", "quiet_hours"],
    ["2026-03-02T05:59:00Z", "quiet_hours"],
    ["2026-03-02T06:00:00Z", "rules"],
    // Clocks go forward at 01:00 UTC on 29 March: 07:00 is an hour earlier that morning.
    ["2026-03-28T05:59:00Z", "quiet_hours"],
    ["2026-03-29T04:59:00Z", "quiet_hours"],
    ["2026-03-29T05:00:00Z", "rules"],
    // And back at 01:00 UTC on 25 October.
    ["2026-10-25T05:59:00Z", "quiet_hours"],
    ["2026-10-25T06:00:00Z", "rules"],
  ])("over midnight, in the person's zone: %s", (start, reason) => expect(reasonAt(start)).toBe(reason));

  test("within a day, and none where both ends are the same", () => {
    const noon = { quiet_hours: { from: "12:00", to: "13:00" }, time_zone: "UTC" };
    expect(reasonAt("2026-03-02T12:30:00Z", noon)).toBe("quiet_hours");
    expect(reasonAt("2026-03-02T13:00:00Z", noon)).toBe("rules");
    expect(reasonAt("2026-03-02T12:00:00Z", { quiet_hours: { from: "12:00", to: "12:00" } })).toBe("rules");
  });
});
