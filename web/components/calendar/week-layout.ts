import { sevenDays, wallTime } from "./days.ts";
import type { Day, WallTime } from "./days.ts";

/** What a calendar's view needs to know of an event to place it. */
export interface Placed {
  id: string;
  start: Date;
  end: Date;
  allDay: boolean;
  timeZone: string | null;
}

interface Span {
  from: WallTime;
  to: WallTime;
  /** The last day that it touches; an event that ends at midnight does not touch the next. */
  last: Day;
}

/** An event's stretch on the reader's wall. What lasts all day stays on its day, wherever the reader is. */
export function spanOf({ start, end, allDay, timeZone }: Placed, zone: string): Span {
  const own = allDay ? (timeZone ?? "UTC") : zone;
  const lastMoment = new Date(Math.max(start.getTime(), end.getTime() - 1));
  return { from: wallTime(start, own), to: wallTime(end, own), last: wallTime(lastMoment, own).day };
}

const DAY_MS = 86_400_000;
/** Whether it stands above the hours: what lasts a whole day or longer would fill them. */
const isAbove = ({ allDay, start, end }: Placed) => allDay || end.getTime() - start.getTime() >= DAY_MS;

const byStart = (one: Placed, other: Placed) =>
  Number(isAbove(other)) - Number(isAbove(one)) ||
  one.start.getTime() - other.start.getTime() ||
  other.end.getTime() - one.end.getTime();

/** Seven days with the events that touch each, those of all day first. */
export function daysWith<Event extends Placed>(events: readonly Event[], first: Day, zone: string) {
  const spans = events.toSorted(byStart).map((event) => ({ event, span: spanOf(event, zone) }));
  return sevenDays(first).map((day) => ({
    day,
    events: spans.filter(({ span }) => span.from.day <= day && day <= span.last).map(({ event }) => event),
  }));
}

/** An event's place in a day's column: minutes since midnight, and which of how many columns side by side. */
export interface Block<Event> {
  event: Event;
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

const wholeDay = 24 * 60;
/** What is shorter could not be read. */
const leastMinutes = 25;

/** A week as columns of blocks, with what stands above them. */
export function weekOf<Event extends Placed>(events: readonly Event[], monday: Day, zone: string) {
  return daysWith(events, monday, zone).map(({ day, events }) => ({
    day,
    above: events.filter(isAbove),
    blocks: inLanes(events.filter((event) => !isAbove(event)).map((event) => blockOf(event, day, zone))),
  }));
}

function blockOf<Event extends Placed>(event: Event, day: Day, zone: string): Block<Event> {
  const span = spanOf(event, zone);
  const start = span.from.day < day ? 0 : span.from.minutes;
  const end = span.to.day > day ? wholeDay : span.to.minutes;
  const to = Math.min(wholeDay, Math.max(end, start + leastMinutes));
  return { event, from: Math.min(start, to - leastMinutes), to, lane: 0, lanes: 1 };
}

/** Gives blocks that overlap, also over others, columns side by side, as few as they need. */
function inLanes<Event>(blocks: readonly Block<Event>[]): Block<Event>[] {
  const laid: Block<Event>[] = [];
  let group: Block<Event>[] = [];
  let ends: number[] = [];
  const closeGroup = () => {
    laid.push(...group.map((block) => ({ ...block, lanes: ends.length })));
    group = [];
    ends = [];
  };
  for (const block of blocks.toSorted((one, other) => one.from - other.from || other.to - one.to)) {
    if (ends.every((end) => end <= block.from)) closeGroup();
    const free = ends.findIndex((end) => end <= block.from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = block.to;
    group.push({ ...block, lane });
  }
  closeGroup();
  return laid;
}

/** The hours that a week's columns show: those of a working day, and whatever else has events. */
export function hoursShown(blocks: readonly { from: number; to: number }[]): { first: number; last: number } {
  return {
    first: Math.min(8, ...blocks.map(({ from }) => Math.floor(from / 60))),
    last: Math.max(18, ...blocks.map(({ to }) => Math.ceil(to / 60))),
  };
}
