import { percentile } from "#bench/measure.ts";
import type { UserActions } from "./user-actions.ts";
import type { Judged } from "./judge.ts";
import { dueOf, entriesOf } from "./model.ts";
import type { ChangeKind, Meeting, Plan } from "./model.ts";
import type { Seen } from "./oracle.ts";
import type { Outage } from "./outages.ts";
import { beginOfSeries } from "./wall-clock.ts";

interface Count {
  name: string;
  count: number;
  /** Fewer would prove nothing. */ floor: number;
}

export interface Report {
  seed: number;
  counts: Count[];
  peakMb: number;
  delays: { p50: number; p99: number; most: number };
  /** What was wrong; empty where the year was good. */
  problems: string[];
}

interface Given {
  plan: Plan;
  judged: Judged;
  seen: Seen;
  deeds: Pick<UserActions, "done" | "stopped">;
  strikes: Outage[];
  webhooks: { lost: number; late: number; twice: number };
  stuck: string[];
  faults: Map<string, number>;
  failures: { kind: string; code: string; count: number }[];
  readings: { read: number; unchanged: number };
  peakMb: number;
  kills: number;
}

const mostMb = 700;

/** Failures that the simulator brought about: bots that are not let in, and recordings without a sound. */
const wanted = [/^recorder .*not_recorded$/, /^recorder collect empty_file$/];

export function reportOf(given: Given): Report {
  const { plan, judged, deeds, failures, stuck, peakMb } = given;
  const counts = countsOf(given);
  const odd = failures.filter(({ kind, code }) => !wanted.some((words) => words.test(`${kind} ${code}`)));
  const problems = [
    ...judged.problems,
    ...stuck.map((run) => `a run that does not end: ${run}`),
    ...odd.map(({ kind, code, count }) => `${count} of ${kind} failed: ${code}`),
    ...deeds.stopped
      .filter((bot) => bot.leaves() === 0)
      .map((bot) => `a bot was stopped and not told: ${bot.meetingUrl}`),
    ...counts
      .filter(({ count, floor }) => count < floor)
      .map(({ name, count, floor }) => `too few to prove anything: ${name} ${count} of ${floor}`),
    ...(peakMb > mostMb ? [`the worker held ${peakMb.toFixed(0)} MB`] : []),
  ];
  const { delays } = judged;
  return {
    seed: plan.seed,
    counts,
    peakMb,
    delays: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99), most: Math.max(...delays) },
    problems,
  };
}

function countsOf({ plan, judged, seen, deeds, strikes, webhooks, faults, readings, kills }: Given): Count[] {
  const size = entriesOf(plan);
  const today = plan.meetings.filter(({ kind }) => kind !== "elsewhere").length;
  const per100 = (count: number) => Math.floor((today / 100) * count);
  const done = (...kinds: ChangeKind[]) => kinds.reduce((sum, kind) => sum + (deeds.done.get(kind) ?? 0), 0);
  const meetings = [...new Set(judged.joined.map(({ meeting }) => meeting))];
  const joinedOf = (holds: (meeting: Meeting) => boolean) => meetings.filter(holds).length;
  const faultsOf = (name: string) => faults.get(name) ?? 0;
  const killsOf = (part: Outage["part"]) => strikes.filter((each) => each.part === part).length;
  const faultNames = ["429", "500", "503", "lost", "reset", "slow", "garbage", "hang"];
  return [
    { name: "people", count: plan.people.length, floor: plan.people.length },
    { name: "entries in their calendars", count: size, floor: size },
    { name: "meetings", count: plan.meetings.length, floor: 1 },
    { name: "joined, one bot each, in time", count: judged.joined.length, floor: per100(50) },
    {
      name: "… that stand in several calendars",
      count: joinedOf(({ members }) => members.length > 1),
      floor: per100(20),
    },
    { name: "… of series", count: joinedOf(({ shape }) => shape === "series"), floor: per100(8) },
    {
      name: "… begun under another offset from UTC",
      count: joinedOf((each) => hasOtherOffset(each, seen)),
      floor: per100(4),
    },
    { name: "… two meetings by one link", count: joinedOf(({ kind }) => kind === "pair"), floor: per100(2) },
    { name: "not to be joined at all", count: plan.meetings.length - meetings.length, floor: per100(15) },
    { name: "moves", count: done("move", "otherLink"), floor: per100(1.2) },
    { name: "moved there and back (two moves each)", count: done("moveBack"), floor: per100(0.4) },
    { name: "cancelled or taken out", count: done("cancel", "remove"), floor: per100(1) },
    { name: "taken out and put in again (two changes each)", count: done("reinstate"), floor: per100(0.2) },
    {
      name: "overrides",
      count: done("overrideNever", "overrideNeverOfOne", "overrideAlways", "overrideUndone"),
      floor: per100(1),
    },
    { name: "stopped before their hour", count: done("stopBefore"), floor: per100(0.2) },
    { name: "stopped or told “never” in the meeting", count: deeds.stopped.length, floor: per100(0.5) },
    { name: "changes that held", count: changesThat(plan, seen, true), floor: per100(3) },
    { name: "changes too late to be held to", count: changesThat(plan, seen, false), floor: per100(0.5) },
    { name: "readings of calendars", count: readings.read, floor: plan.people.length },
    { name: "readings without news", count: readings.unchanged, floor: plan.people.length },
    { name: "kill -9", count: strikes.length, floor: kills },
    ...(["worker", "web", "temporal", "postgres"] as const).map((part, at) => ({
      name: `… of ${part}`,
      count: killsOf(part),
      floor: Math.floor((kills + 3 - at) / 4),
    })),
    ...faultNames.map((name) => ({ name: `provider's answer: ${name}`, count: faultsOf(name), floor: 1 })),
    { name: "webhooks lost", count: webhooks.lost, floor: per100(10) },
    { name: "webhooks late", count: webhooks.late, floor: per100(10) },
    { name: "webhooks twice", count: webhooks.twice, floor: per100(10) },
  ];
}

const hasOtherOffset = ({ shape, zone, seriesStart }: Meeting, { origin }: Seen) =>
  shape === "series" && zone !== null && beginOfSeries(origin + seriesStart * 1000, zone).hasOtherOffset;

// Of meetings that changed: whether their last state was known before any hour that it concerns.
const changesThat = (plan: Plan, { origin, knownAt }: Seen, held: boolean): number =>
  plan.meetings.filter((meeting) => {
    const last = meeting.states.length - 1;
    if (last === 0) return false;
    const first = Math.min(...meeting.states.slice(-2).map(({ start }) => dueOf(plan, meeting, start)));
    return knownAt(meeting, last) <= origin + first * 1000 === held;
  }).length;

/** The report as a table for a terminal. */
export function tableOf({ seed, counts, peakMb, delays, problems }: Report): string {
  const row = (name: string, value: string, more = "") => `  ${name.padEnd(52)}${value.padStart(10)}${more}`;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return [
    `The year of seed ${seed}`,
    ...counts.map(({ name, count, floor }) => row(name, String(count), floor > 0 ? `  (at least ${floor})` : "")),
    row("due → bot asked for, p50", seconds(delays.p50)),
    row("due → bot asked for, p99", seconds(delays.p99)),
    row("due → bot asked for, the longest", seconds(delays.most)),
    row("worker's memory at its most", `${peakMb.toFixed(0)} MB`, `  (at most ${mostMb})`),
    problems.length === 0 ? "All as it had to be." : `${problems.length} PROBLEMS`,
    ...problems.slice(0, 40).map((problem) => `  - ${problem}`),
  ].join("\n");
}
