import { expect, test } from "vitest";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import { judge } from "./year/judge.ts";
import type { Meeting, State } from "./year/model.ts";
import { planYear } from "./year/plan.ts";
import { slotsOfYear } from "./year/oracle.ts";
import type { Seen } from "./year/oracle.ts";

const plan = planYear({
  seed: 7,
  users: 20,
  events: 200,
  minutes: 10,
  perSecond: 2,
  leadSeconds: 60,
  syncSeconds: 10,
});
const origin = Date.now();
const seen: Seen = {
  origin,
  until: origin + plan.seconds * 1000,
  knownAt: (meeting, state) => (state === 0 ? -Infinity : origin + meeting.changes[state - 1]!.at * 1000 + 5_000),
};

/** A year in which bots came as they had to, but for what `spoil` does to the first meeting. */
async function judged(spoil: (link: string, at: (link: string, ms: number) => void, due: number) => void) {
  await using attendee = await startFakeAttendee({ stepMs: 1 });
  const at = (link: string, ms: number) => {
    const bot = attendee.project.add({ meeting_url: link });
    bot.join();
    bot.end();
    bot.createdAt = new Date(ms);
    for (const event of bot.events) event.created_at = new Date(ms + 100);
  };
  const [first, ...others] = slotsOfYear(plan, seen).filter(({ verdict }) => verdict === "must");
  for (const { link, due } of others) at(link, due + 500);
  spoil(first!.link, at, first!.due);
  await expect.poll(() => attendee.bots.every((bot) => bot.state() === "ended")).toBe(true);
  return judge({ ...seen, plan, attendee, graceMs: () => 60_000 }).problems.map((words) => words.split(" in ")[0]);
}

test("the year's judge has nothing to say where each meeting had its bot", async () => {
  expect(await judged((link, at, due) => at(link, due + 500))).toEqual([]);
});

test("the year's judge finds a bot that is missing, one too many, one too late and one where none was to come", async () => {
  expect(await judged(() => {})).toEqual(["no bot"]);
  expect(
    await judged((link, at, due) => {
      at(link, due + 500);
      at(link, due + 900);
    }),
  ).toEqual(["a bot too many, early or late"]);
  expect(await judged((link, at, due) => at(link, due + 300_000))).toEqual(["a bot too many, early or late", "no bot"]);
  expect(
    await judged((link, at, due) => {
      at(link, due + 500);
      at("https://zoom.us/j/1234567890", due);
    }),
  ).toEqual(["a bot where none was to come,"]);
});

test("a bot is that of the meeting that had to have one, where another may have had it just before", async () => {
  const { meeting: plain, due, start } = slotsOfYear(plan, seen).find(({ meeting }) => meeting.changes.length === 0)!;
  const [state] = plain.states as [State];
  const meeting: Meeting = {
    ...plain,
    states: [state, { ...state, start: state.start - 36 }, state],
    changes: [
      { at: 10, to: 1, kind: "moveBack", by: null },
      { at: 20, to: 2, kind: "moveBack", by: null },
    ],
  };
  // Moved back, which was read only after the hour that it had been moved to.
  const known = { ...seen, knownAt: (_: Meeting, index: number) => [-Infinity, origin, due - 10_000][index]! };
  const moved = { ...plan, meetings: [meeting] };
  expect(slotsOfYear(moved, known).map((slot) => [slot.start - start, slot.verdict])).toEqual([
    [-36_000, "may"],
    [0, "must"],
  ]);
  await using attendee = await startFakeAttendee({ stepMs: 1 });
  const bot = attendee.project.add({ meeting_url: state.link });
  bot.join();
  bot.end();
  await expect.poll(() => bot.state()).toBe("ended");
  bot.createdAt = new Date(due + 500);
  for (const event of bot.events) event.created_at = new Date(due + 600);
  const { problems, joined } = judge({ ...known, plan: moved, attendee, graceMs: () => 60_000 });
  expect({ problems, joined: joined.length }).toEqual({ problems: [], joined: 1 });
});

test("a year is the same by its seed, and holds everything that is to be tried", () => {
  const again = planYear({
    seed: 7,
    users: 20,
    events: 200,
    minutes: 10,
    perSecond: 2,
    leadSeconds: 60,
    syncSeconds: 10,
  });
  expect(again).toEqual(plan);
  expect(new Set(plan.meetings.flatMap(({ changes }) => changes.map(({ kind }) => kind))).size).toBeGreaterThan(6);
});
