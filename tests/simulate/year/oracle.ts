import { dueOf } from "./model.ts";
import type { Meeting, Plan, State } from "./model.ts";
import { keyword } from "./plan.ts";

/** A meeting at one time and place that a bot has to come to, or may come to. */
export interface Slot {
  meeting: Meeting;
  link: string;
  /** Milliseconds since the epoch. */
  start: number;
  due: number;
  /** `may`: a change came, or became known, too late to be held to. */
  verdict: "must" | "may";
}

/** What was seen of the year: when it began, and since when each state of each meeting was known to be kept. */
export interface Seen {
  origin: number;
  /** What is due later is nobody's affair. */
  until: number;
  knownAt(meeting: Meeting, state: number): number;
}

/** Which meetings must have a bot and which may, by what was planned and when it became known. */
export const slotsOfYear = (plan: Plan, seen: Seen): Slot[] =>
  plan.meetings.flatMap((meeting) => slotsOf(plan, meeting, seen)).filter(({ due }) => due <= seen.until);

function slotsOf(plan: Plan, meeting: Meeting, { origin, knownAt }: Seen): Slot[] {
  const { states } = meeting;
  const slots = new Map<string, Slot>();
  for (const [index, state] of states.entries()) {
    if (state.link === null || !isWanted(plan, meeting, state)) continue;
    const start = origin + state.start * 1000;
    // What was over before the year began.
    if (start + meeting.minutes * 60_000 <= origin) continue;
    const due = origin + dueOf(plan, meeting, state.start) * 1000;
    const key = `${state.link} ${start}`;
    const isLast = index === states.length - 1;
    // Replaced in time by a state that says otherwise; where that is this one again, its own turn comes.
    slots.delete(key);
    if (!isLast && knownAt(meeting, index + 1) <= due) continue;
    const verdict = isLast && knownAt(meeting, index) <= due ? "must" : "may";
    slots.set(key, { meeting, link: state.link, start, due, verdict });
  }
  return [...slots.values()];
}

const isWanted = (plan: Plan, meeting: Meeting, state: State): boolean =>
  state.isListed &&
  !state.isCancelled &&
  !state.isStopped &&
  meeting.shape !== "day" &&
  meeting.members.some((person) => wants(plan, meeting, state, person));

function wants({ people }: Plan, meeting: Meeting, { said, title }: State, index: number): boolean {
  const word = said[index];
  if (word !== undefined) return word === "always";
  const person = people[index]!;
  if (!person.isOn || meeting.declined.includes(index)) return false;
  return !(title.startsWith(keyword) && person.excluded.includes(keyword));
}
