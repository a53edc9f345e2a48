/*
 * The simulated year as it is meant: people, meetings, and what becomes of them. Times are seconds from the moment at
 * which the year begins. Nothing here or in the oracle comes from the product.
 */

export interface Person {
  index: number;
  email: string;
  team: number;
  /** Whether their rules let meetings be joined at all. */
  isOn: boolean;
  /** Words in titles for which they leave a meeting alone. */
  excluded: string[];
}

export interface Team {
  members: number[];
  /** Minutes before a meeting's start at which its bot comes. */
  bufferMinutes: number;
}

export type Said = "always" | "never";

/** How a meeting stands at one time; a change makes the next state. */
export interface State {
  title: string;
  link: string | null;
  start: number;
  /** Whether calendars list it, and whether as cancelled. */
  isListed: boolean;
  isCancelled: boolean;
  /** What people said about it, by their index. */
  said: Record<number, Said>;
  /** A person told its bot not to come. */
  isStopped: boolean;
}

export const changeKinds = [
  "move",
  "moveBack",
  "cancel",
  "remove",
  "reinstate",
  "rename",
  "otherLink",
  "overrideNever",
  "overrideNeverOfOne",
  "overrideAlways",
  "overrideUndone",
  "stopBefore",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface Change {
  at: number;
  /** Index of the state that it leads to. */
  to: number;
  kind: ChangeKind;
  /** Who changes it by hand, and how; a change of the calendar itself has nobody. */
  by: { person: number; what: "always" | "never" | "default" | "stop"; scope: "one" | "series" } | null;
}

/** How its calendar writes it. `day`: lasts all day. */
export type Shape = "single" | "series" | "day";

/** What befalls its bot in the meeting. */
export type Course = "ends" | "waits" | "denied" | "kicked" | "alone" | "stopped" | "nevered";

export const kinds = [
  "plain",
  "series",
  "seriesWithout",
  "seriesMoved",
  "seriesCancelled",
  "noLink",
  "excluded",
  "allDay",
  "cancelled",
  "pair",
  "elsewhere",
] as const;
export type Kind = (typeof kinds)[number];

export interface Meeting {
  id: number;
  uid: string;
  kind: Kind;
  team: number;
  /** Whose calendars hold it. */
  members: number[];
  /** Who of them declined. */
  declined: number[];
  shape: Shape;
  /** IANA name of the zone its calendar says its time in; null: UTC. */
  zone: string | null;
  /** Where the rule of a series puts this occurrence. */
  seriesStart: number;
  minutes: number;
  course: Course;
  /** Whether its bot brings sound home, and not an empty file. */
  hasSound: boolean;
  states: State[];
  changes: Change[];
  /** Its last change comes too late to be held to. */
  isLate: boolean;
}

export interface Plan {
  seed: number;
  people: Person[];
  teams: Team[];
  meetings: Meeting[];
  /** Seconds that the year takes. */
  seconds: number;
}

export const dueOf = (plan: Plan, meeting: Meeting, start: number) =>
  start - plan.teams[meeting.team]!.bufferMinutes * 60;

/** Entries in all people's calendars. */
export const entriesOf = ({ meetings }: Plan) => meetings.reduce((sum, { members }) => sum + members.length, 0);
