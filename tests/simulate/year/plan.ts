import { createRandom } from "../random.ts";
import type { Random } from "../random.ts";
import { planChanges } from "./plan-changes.ts";
import type { Course, Kind, Meeting, Person, Plan, State, Team } from "./model.ts";

export interface PlanOptions {
  seed: number;
  users: number;
  events: number;
  minutes: number;
  /** Most meetings of a second; all others are on other days of the year. */
  perSecond: number;
  /** How long before its hour a change comes that is to be held to. */
  leadSeconds: number;
  /** Between two syncs of a calendar. */
  syncSeconds: number;
}

/** Of each hundred meetings that fall into the time that is played; `elsewhere` are those that do not. */
const shares: Record<Kind, number> = {
  plain: 38,
  series: 16,
  seriesWithout: 3,
  seriesMoved: 4,
  seriesCancelled: 2,
  noLink: 4,
  excluded: 6,
  allDay: 3,
  cancelled: 2,
  pair: 4,
  elsewhere: 0,
};

const courses: Record<Course, number> = {
  ends: 80,
  waits: 6,
  denied: 3,
  kicked: 4,
  alone: 4,
  stopped: 5,
  nevered: 3,
};

/** Zones on both sides of the globe, whose clocks change on different days or not at all. */
const zones = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Tokyo", "Europe/London", "Asia/Kolkata"];

export const keyword = "Confidential";

const yearSeconds = 365 * 24 * 3600;
const perTeam = 5;
const entriesPerMeeting = 2;

/** Draws the whole year by its seed: who is there, which meetings, and everything that changes. */
export function planYear(options: PlanOptions): Plan {
  const { seed, users, events, minutes, perSecond } = options;
  const random = createRandom(seed);
  const people = Array.from({ length: users }, (_, index) => personOf(random, index));
  const teams = Array.from({ length: Math.ceil(users / perTeam) }, (_, team): Team => ({
    members: people.filter((person) => person.team === team).map(({ index }) => index),
    bufferMinutes: random.chance(0.25) ? 1 : 0,
  }));
  const plan: Plan = { seed, people, teams, meetings: [], seconds: minutes * 60 };
  const shareToday = Math.min(0.85, (perSecond * plan.seconds) / (events / entriesPerMeeting));
  for (let entries = 0; entries < events;) {
    const kind = random.chance(shareToday) ? random.weighed(shares) : "elsewhere";
    const made = draw(random, { plan, kind }, options);
    plan.meetings.push(...made);
    entries += made.reduce((sum, { members }) => sum + members.length, 0);
  }
  return plan;
}

const personOf = (random: Random, index: number): Person => ({
  index,
  email: `person-${index}@year.example`,
  team: Math.floor(index / perTeam),
  isOn: !random.chance(0.06),
  excluded: random.chance(0.5) ? [keyword] : [],
});

function draw(random: Random, { plan, kind }: { plan: Plan; kind: Kind }, options: PlanOptions): Meeting[] {
  const meeting = meetingOf(random, plan, kind, options);
  if (kind !== "pair") {
    planChanges(random, plan, meeting, options);
    return [meeting];
  }
  // Another meeting in the same room, later on.
  const gap = random.between(150, 240);
  const [first] = meeting.states as [State];
  const last = plan.seconds - gap;
  if (last < earliestOf(plan, meeting)) return [meeting];
  first.start = random.between(earliestOf(plan, meeting), last);
  meeting.seriesStart = first.start;
  const second: Meeting = {
    ...meeting,
    id: meeting.id + 1,
    uid: `${meeting.uid}-second`,
    seriesStart: first.start + gap,
    states: [{ ...first, title: `${first.title} again`, start: first.start + gap, said: {} }],
  };
  return [meeting, second];
}

const earliestOf = (plan: Plan, { team }: { team: number }) => plan.teams[team]!.bufferMinutes * 60 + 20;

function meetingOf(random: Random, plan: Plan, kind: Kind, { seed }: PlanOptions): Meeting {
  const id = plan.meetings.length;
  const team = random.between(0, plan.teams.length - 1);
  const everybody = plan.teams[team]!.members;
  const members = random.some(everybody, Number(random.weighed({ "1": 45, "2": 20, "3": 20, "4": 15 })));
  const start = kind === "elsewhere" ? farAway(random) : random.between(earliestOf(plan, { team }), plan.seconds);
  const isSeries = kind.startsWith("series");
  const isNamed = kind === "excluded";
  const state: State = {
    title: `${isNamed ? `${keyword}: ` : ""}Meeting ${id}`,
    link: kind === "noLink" ? null : linkOf(random, seed, id),
    start,
    isListed: kind !== "seriesWithout",
    isCancelled: kind === "cancelled" || kind === "seriesCancelled",
    said: {},
    isStopped: false,
  };
  // An occurrence that its calendar moved before we ever read it.
  const seriesStart = kind === "seriesMoved" ? start + random.pick([-1, 1]) * random.between(300, 7200) : start;
  const course = kind === "pair" ? "ends" : random.weighed(courses);
  return {
    id,
    uid: `meeting-${id}@year.example`,
    kind,
    team,
    members,
    declined: members.length > 1 && random.chance(0.1) ? [members[0]!] : [],
    shape: isSeries ? "series" : kind === "allDay" ? "day" : "single",
    zone: isSeries || random.chance(0.4) ? random.pick(zones) : null,
    seriesStart,
    minutes: random.pick([30, 45, 60]),
    course: course === "nevered" && members.length > 1 ? "stopped" : course,
    hasSound: random.chance(1 / 40),
    states: [state],
    changes: [],
    isLate: false,
  };
}

/** Somewhere in the year, and not while it is played. */
const farAway = (random: Random) => random.pick([-1, 1]) * random.between(6 * 3600, yearSeconds / 2);

/** A room of its own for each meeting and change. */
export function linkOf(random: Random, seed: number, id: number, turn = 0): string {
  const number = id * 4 + turn;
  if (random.chance(0.4)) return `https://zoom.us/j/9${String(number).padStart(9, "0")}?pwd=${seed % 1000}x`;
  const letters = Array.from({ length: 10 }, (_, place) =>
    String.fromCodePoint(97 + (Math.floor(number / 26 ** place) % 26)),
  ).join("");
  return `https://meet.google.com/${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`;
}
