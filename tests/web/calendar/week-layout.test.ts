import { expect, test } from "vitest";
import { addDays, mondayOf, formatDayRange, wallTime } from "#web/components/calendar/days.ts";
import { daysWith, hoursShown, weekOf } from "#web/components/calendar/week-layout.ts";
import { agendaQueryOf, rangeFor } from "#web/calendar/agenda-query.ts";

const event = (id: string, start: string, end: string, more: { allDay?: boolean; timeZone?: string } = {}) => ({
  id,
  start: new Date(start),
  end: new Date(end),
  allDay: false,
  timeZone: null,
  ...more,
});
const monday = "2026-11-23";
const blocksOn = (day: string, events: ReturnType<typeof event>[], zone = "UTC") =>
  (weekOf(events, monday, zone).find((each) => each.day === day)?.blocks ?? []).map(
    ({ event, from, to, lane, lanes }) => [event.id, from / 60, to / 60, lane, lanes],
  );

test("days are counted over months, years and leap days, and a week begins on Monday", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
  expect(["2026-11-23", "2026-11-26", "2026-11-29"].map(mondayOf)).toEqual([monday, monday, monday]);
  expect(formatDayRange("2026-11-23", "2026-11-29")).toBe("23 – 29 November 2026");
  expect(formatDayRange("2026-11-30", "2026-12-06")).toBe("30 November – 6 December 2026");
  expect(formatDayRange("2026-12-28", "2027-01-03")).toBe("28 December 2026 – 3 January 2027");
});

test("an event stands on the reader's own day and hour", () => {
  const late = event("late", "2026-11-24T22:30:00Z", "2026-11-24T23:30:00Z");
  expect(blocksOn("2026-11-24", [late])).toEqual([["late", 22.5, 23.5, 0, 1]]);
  expect(blocksOn("2026-11-25", [late], "Asia/Tokyo")).toEqual([["late", 7.5, 8.5, 0, 1]]);
  expect(wallTime(new Date("2026-11-24T12:00:00Z"), "Asia/Kolkata")).toEqual({ day: "2026-11-24", minutes: 1050 });
});

test("an event over midnight stands on both days, one that ends at midnight on its own only", () => {
  const night = event("night", "2026-11-24T23:00:00Z", "2026-11-25T01:00:00Z");
  expect(blocksOn("2026-11-24", [night])).toEqual([["night", 23, 24, 0, 1]]);
  expect(blocksOn("2026-11-25", [night])).toEqual([["night", 0, 1, 0, 1]]);
  const evening = event("evening", "2026-11-24T22:00:00Z", "2026-11-25T00:00:00Z");
  expect(blocksOn("2026-11-24", [evening])).toEqual([["evening", 22, 24, 0, 1]]);
  expect(blocksOn("2026-11-25", [evening])).toEqual([]);
});

test("events that overlap stand side by side, in as few columns as they need", () => {
  const day = "2026-11-24";
  const at = (id: string, from: string, to: string) => event(id, `${day}T${from}:00Z`, `${day}T${to}:00Z`);
  const events = [
    at("long", "09:00", "12:00"),
    at("first", "09:00", "10:00"),
    at("second", "10:00", "11:00"),
    at("alone", "12:00", "13:00"),
  ];
  expect(blocksOn(day, events)).toEqual([
    ["long", 9, 12, 0, 2],
    ["first", 9, 10, 1, 2],
    ["second", 10, 11, 1, 2],
    ["alone", 12, 13, 0, 1],
  ]);
});

test("an event too short to be read is drawn longer, and stays within its day", () => {
  expect(blocksOn("2026-11-24", [event("a", "2026-11-24T09:00:00Z", "2026-11-24T09:00:00Z")])).toEqual([
    ["a", 9, 9 + 25 / 60, 0, 1],
  ]);
  const last = blocksOn("2026-11-24", [event("b", "2026-11-24T23:55:00Z", "2026-11-25T00:00:00Z")]);
  expect(last).toEqual([["b", 24 - 25 / 60, 24, 0, 1]]);
});

test("where clocks are put back, an event that ends at an earlier time than it began is still there", () => {
  // Berlin, 25 October 2026: 02:50 summer time, and 20 minutes later 02:10 winter time.
  const [row] = weekOf([event("x", "2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z")], "2026-10-19", "Europe/Berlin")
    .filter(({ day }) => day === "2026-10-25")
    .flatMap(({ blocks }) => blocks);
  expect(row).toMatchObject({ from: 170, to: 195 });
});

test("what lasts all day or longer stands above the hours, on its own days wherever the reader is", () => {
  const allDay = event("all", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", { allDay: true });
  const berlin = { allDay: true, timeZone: "Europe/Berlin" };
  const there = event("there", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z", berlin);
  const long = event("long", "2026-11-24T10:00:00Z", "2026-11-26T10:00:00Z");
  for (const zone of ["UTC", "Pacific/Auckland", "America/Los_Angeles"]) {
    const above = weekOf([allDay, there], monday, zone).flatMap(({ day, above }) => above.map(({ id }) => [day, id]));
    expect(above).toEqual([
      ["2026-11-24", "all"],
      ["2026-11-25", "there"],
    ]);
  }
  expect(weekOf([long], monday, "UTC").filter(({ above }) => above.length > 0)).toHaveLength(3);
});

test("a day lists what lasts all day first, then by the hour, and each event on every day it touches", () => {
  const night = event("night", "2026-11-23T23:00:00Z", "2026-11-24T01:00:00Z");
  const all = event("all", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", { allDay: true });
  const days = daysWith([night, all], "2026-11-23", "UTC").map(({ events }) => events.map(({ id }) => id));
  expect(days.slice(0, 3)).toEqual([["night"], ["all", "night"], []]);
});

test("a week shows the hours of a working day and whatever else has events", () => {
  expect(hoursShown([])).toEqual({ first: 8, last: 18 });
  expect(hoursShown([{ from: 390, to: 1250 }])).toEqual({ first: 6, last: 21 });
});

test("what is read covers the week and the next seven days in every time zone", () => {
  const now = new Date("2026-11-29T11:00:00Z");
  const { from, to } = rangeFor(null, now);
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]) {
    const today = wallTime(now, zone).day;
    // Read from before the Monday on, until after the last of the seven days and the Sunday.
    expect(wallTime(new Date(from.getTime() - 1), zone).day < mondayOf(today)).toBe(true);
    expect(wallTime(to, zone).day > addDays(today, 6)).toBe(true);
    expect(wallTime(to, zone).day > addDays(mondayOf(today), 6)).toBe(true);
  }
});

test("what an address cannot mean is left out", () => {
  const query = (text: string) => agendaQueryOf(new URL(`http://x/calendar?${text}`));
  const nothing = { view: null, from: null, calendar: null };
  expect(query("view=month&from=2026-02-31&calendar=x")).toEqual(nothing);
  expect(query("from=9999-12-31")).toEqual(nothing);
  expect(query("view=week&from=2026-11-23")).toEqual({ ...nothing, view: "week", from: "2026-11-23" });
});
