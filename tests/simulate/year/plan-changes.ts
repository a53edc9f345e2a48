import type { Random } from "../random.ts";
import { dueOf } from "./model.ts";
import type { Change, ChangeKind, Meeting, Plan, State } from "./model.ts";
import { keyword, linkOf } from "./plan.ts";
import type { PlanOptions } from "./plan.ts";

const weights: Record<ChangeKind, number> = {
  move: 22,
  moveBack: 10,
  cancel: 12,
  remove: 10,
  reinstate: 6,
  rename: 6,
  otherLink: 6,
  overrideNever: 7,
  overrideNeverOfOne: 6,
  overrideAlways: 7,
  overrideUndone: 4,
  stopBefore: 4,
};

/** Kinds that come by a person's hand are never late: whoever speaks a moment before the hour may be heard or not. */
const lateKinds = ["move", "cancel", "remove", "otherLink", "overrideNever"] as const satisfies ChangeKind[];

type Next = Partial<State>;

/** Gives some meetings a change or two, some of them too late to be held to. */
export function planChanges(random: Random, plan: Plan, meeting: Meeting, options: PlanOptions): void {
  if (!["plain", "series", "excluded"].includes(meeting.kind) || !random.chance(0.5)) return;
  const [first] = meeting.states as [State];
  const due = dueOf(plan, meeting, first.start);
  // The first half minute is for the calendars' first sync.
  const from = 15;
  const to = due - options.leadSeconds;
  if (random.chance(0.1)) return planLate(random, { plan, meeting, due }, options);
  if (to - from < 10) return;
  const kind = meeting.kind === "excluded" ? "overrideAlways" : random.weighed(weights);
  const at = random.between(from, to);
  const between = random.between(from, at);
  add(random, { plan, meeting, kind, early: between, at, leadSeconds: options.leadSeconds });
}

function planLate(
  random: Random,
  { plan, meeting, due }: { plan: Plan; meeting: Meeting; due: number },
  { syncSeconds }: PlanOptions,
): void {
  const kind = random.pick(lateKinds);
  const at = due - random.between(0, syncSeconds);
  if (at < 10) return;
  meeting.isLate = true;
  add(random, { plan, meeting, kind, early: at, at, leadSeconds: null });
}

interface Added {
  plan: Plan;
  meeting: Meeting;
  kind: ChangeKind;
  /** When the first of two changes comes. */
  early: number;
  at: number;
  /** How long before its hour the meeting is to be left as it is; null: the change comes too late anyway. */
  leadSeconds: number | null;
}

function add(random: Random, { plan, meeting, kind, early, at, leadSeconds }: Added): void {
  const state = meeting.states[0]!;
  const everybody = meeting.members;
  const [one] = everybody as [number];
  const change = (time: number, next: Next, by: Change["by"] = null) => {
    meeting.states.push({ ...meeting.states.at(-1)!, ...next });
    meeting.changes.push({ at: time, to: meeting.states.length - 1, kind, by });
  };
  const scope = meeting.shape === "series" && random.chance(0.5) ? "series" : "one";
  const say = (time: number, people: number[], what: "always" | "never" | "default") => {
    for (const person of people) {
      const said = { ...meeting.states.at(-1)!.said };
      if (what === "default") delete said[person];
      else said[person] = what;
      change(time, { said }, { person, what, scope });
    }
  };
  const moved = () => ({ start: movedTo(random, { plan, meeting, start: state.start, at, leadSeconds }) });
  const make: Record<ChangeKind, () => void> = {
    move: () => change(at, moved()),
    moveBack() {
      change(early, moved());
      change(at, { start: state.start });
    },
    cancel: () => change(at, { isCancelled: true }),
    remove: () => change(at, { isListed: false }),
    reinstate() {
      change(early, random.chance(0.5) ? { isCancelled: true } : { isListed: false });
      change(at, { isCancelled: false, isListed: true });
    },
    rename: () => change(at, { title: `${keyword}: ${state.title}` }),
    otherLink: () => change(at, { link: linkOf(random, plan.seed, meeting.id, 1) }),
    overrideNever: () => say(at, everybody, "never"),
    overrideNeverOfOne: () => say(at, [one], "never"),
    overrideAlways: () => say(at, [one], "always"),
    overrideUndone() {
      say(early, everybody, "never");
      say(at, everybody, "default");
    },
    stopBefore: () => change(at, { isStopped: true }, { person: one, what: "stop", scope: "one" }),
  };
  make[kind]();
  // Bots that nobody sends are stopped by nobody.
  if (meeting.course === "stopped" || meeting.course === "nevered") meeting.course = "ends";
}

/** Earlier or later, never so that it begins before people could know, and sometimes to another day. */
function movedTo(
  random: Random,
  {
    plan,
    meeting,
    start,
    at,
    leadSeconds,
  }: { plan: Plan; meeting: Meeting; start: number } & Pick<Added, "at" | "leadSeconds">,
): number {
  const earliest = leadSeconds === null ? Infinity : at + leadSeconds + plan.teams[meeting.team]!.bufferMinutes * 60;
  if (start - earliest > 30 && random.chance(0.4)) return random.between(earliest, start - 30);
  const later = start + 180;
  return later < plan.seconds && random.chance(0.7)
    ? random.between(later, plan.seconds)
    : start + random.between(6 * 3600, 48 * 3600);
}
