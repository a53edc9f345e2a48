import type { FakeAttendee, FakeBot } from "#tests/fakes/attendee.ts";
import type { Plan } from "./model.ts";
import { slotsOfYear } from "./oracle.ts";
import type { Seen, Slot } from "./oracle.ts";

export interface Judged {
  problems: string[];
  /** Those that came as they had to, and those that might or might not. */
  joined: Slot[];
  lenient: Slot[];
  /** Milliseconds from when a bot was due to when it was asked for. */
  delays: number[];
}

export interface Given extends Seen {
  plan: Plan;
  attendee: FakeAttendee;
  /** How long after a meeting's start a bot still comes in time. */
  graceMs(slot: Slot): number;
}

/** Before its hour by what two clocks of one machine may differ. */
const earlyMs = 1_500;
const done = ["ended", "fatal_error", "data_deleted"];

/** Holds the bots that the stand-in has seen against what the oracle says. */
export function judge({ plan, attendee, graceMs, ...seen }: Given): Judged {
  const slots = slotsOfYear(plan, seen);
  const bots = Map.groupBy(attendee.bots, ({ meetingUrl }) => meetingUrl);
  const taken = new Map<Slot, FakeBot>();
  const problems: string[] = [];
  for (const [link, slotsHere] of Map.groupBy(slots, (slot) => slot.link)) {
    const here = (bots.get(link) ?? []).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
    const free = new Set(here);
    // First those that have to have one: a meeting that was moved by less than the grace may look like two.
    for (const slot of slotsHere.toSorted(
      (a, b) => Number(b.verdict === "must") - Number(a.verdict === "must") || a.due - b.due,
    )) {
      const bot = here.find((each) => free.has(each) && isInTime(each, slot, graceMs(slot)));
      if (bot === undefined) continue;
      free.delete(bot);
      taken.set(slot, bot);
    }
    for (const { createdAt } of free) {
      const when = tell(seen.origin, createdAt.getTime());
      problems.push(`a bot too many, early or late in ${link}: ${when}; ${slotsHere.map(wordsOf(seen)).join(", ")}`);
    }
    bots.delete(link);
  }
  for (const [link, rest] of bots) {
    const meeting = plan.meetings.find(({ states }) => states.some((state) => state.link === link));
    const when = rest.map(({ createdAt }) => tell(seen.origin, createdAt.getTime())).join(", ");
    problems.push(`a bot where none was to come, in ${link} at ${when}: ${JSON.stringify(meeting)}`);
  }
  for (const slot of slots) {
    const bot = taken.get(slot);
    if (bot === undefined) {
      if (slot.verdict === "must") problems.push(`no bot in ${wordsOf(seen)(slot)}: ${JSON.stringify(slot.meeting)}`);
    } else problems.push(...badVisit(slot, bot, graceMs(slot)).map((words) => `${words} in ${wordsOf(seen)(slot)}`));
  }
  problems.push(...crowded(attendee));
  const present = slots.filter((slot) => taken.has(slot));
  const joined = present.filter(({ verdict }) => verdict === "must");
  return {
    problems,
    joined,
    lenient: slots.filter(({ verdict }) => verdict === "may"),
    delays: joined.map((slot) => taken.get(slot)!.createdAt.getTime() - slot.due),
  };
}

function isInTime({ createdAt }: FakeBot, { due, start }: Slot, graceMs: number): boolean {
  const at = createdAt.getTime();
  return at >= due - earlyMs && at <= start + graceMs;
}

function badVisit({ meeting, start, verdict }: Slot, bot: FakeBot, graceMs: number): string[] {
  const problems: string[] = [];
  if (!done.includes(bot.state())) problems.push(`a bot left in ${bot.state()}`);
  const joinedAt = bot.events.find(({ type }) => type === "joined_meeting")?.created_at.getTime();
  const isToJoin = verdict === "must" && meeting.course !== "denied";
  if (isToJoin && (joinedAt === undefined || joinedAt > start + graceMs))
    problems.push("a bot that was not in in time");
  return problems;
}

function crowded(attendee: FakeAttendee): string[] {
  const links = new Set(attendee.bots.map(({ meetingUrl }) => meetingUrl));
  return [...links].filter((link) => attendee.mostAtOnce(link) > 1).map((link) => `two bots at once in ${link}`);
}

const tell = (origin: number, at: number) => `${((at - origin) / 1000).toFixed(1)} s`;

const wordsOf =
  ({ origin }: { origin: number }) =>
  ({ meeting, link, start, due, verdict }: Slot) =>
    `meeting ${meeting.id} (${meeting.kind}) in ${link}, due ${tell(origin, due)}, begins ${tell(origin, start)}, ${verdict}`;
