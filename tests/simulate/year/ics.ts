import type { Meeting, Person, Plan, State } from "./model.ts";
import { beginOfSeries, stampOf, wallOf } from "./wall-clock.ts";

/** How calendars write a meeting as it stands; empty where they do not list it. `origin`: when the year began. */
export function eventText(plan: Plan, meeting: Meeting, state: State, origin: number): string[] {
  const at = (seconds: number) => origin + seconds * 1000;
  if (meeting.shape === "series") return seriesText(plan, meeting, state, at);
  if (!state.isListed) return [];
  const start = at(state.start);
  if (meeting.shape === "day") {
    const day = stampOf(start).slice(0, 8);
    return event([`DTSTART;VALUE=DATE:${day}`, ...linesOf(plan, meeting, state)]);
  }
  return event([...timesOf(meeting, start), ...linesOf(plan, meeting, state)]);
}

function seriesText(plan: Plan, meeting: Meeting, state: State, at: (seconds: number) => number): string[] {
  const zone = meeting.zone ?? "UTC";
  const original = at(meeting.seriesStart);
  const { wall } = beginOfSeries(original, zone);
  const here = `TZID=${zone}:${stampOf(wallOf(original, zone))}`;
  const isAsRuled = state.isListed && !state.isCancelled && state.start === meeting.seriesStart;
  const series = [
    `DTSTART;TZID=${zone}:${stampOf(wall)}`,
    `DTEND;TZID=${zone}:${stampOf(wall + meeting.minutes * 60_000)}`,
    "RRULE:FREQ=WEEKLY;INTERVAL=1",
    ...(state.isListed ? [] : [`EXDATE;${here}`]),
    ...linesOf(plan, meeting, { ...state, isCancelled: false }),
  ];
  if (isAsRuled || !state.isListed) return event(series);
  const moved = [`RECURRENCE-ID;${here}`, ...timesOf(meeting, at(state.start)), ...linesOf(plan, meeting, state)];
  return [...event(series), ...event(moved)];
}

const event = (lines: string[]) => ["BEGIN:VEVENT", "DTSTAMP:20260101T000000Z", ...lines, "END:VEVENT"];

function timesOf({ zone, minutes }: Meeting, start: number): string[] {
  const end = start + minutes * 60_000;
  if (zone === null) return [`DTSTART:${stampOf(start)}Z`, `DTEND:${stampOf(end)}Z`];
  const prefix = `;TZID=${zone}:`;
  return [`DTSTART${prefix}${stampOf(wallOf(start, zone))}`, `DTEND${prefix}${stampOf(wallOf(end, zone))}`];
}

function linesOf(plan: Plan, meeting: Meeting, { title, link, isCancelled }: State): string[] {
  return [
    `UID:${meeting.uid}`,
    `SUMMARY:${title}`,
    ...placeOf(meeting, link),
    ...(isCancelled ? ["STATUS:CANCELLED"] : []),
    ...(meeting.members.length > 1 ? invitedTo(plan, meeting) : []),
  ];
}

// Where calendars put links: the place, the words, or a field of their own.
function placeOf({ id }: Meeting, link: string | null): string[] {
  if (link === null) return ["LOCATION:Room 4"];
  if (id % 3 === 0) return [`LOCATION:${link}`];
  if (id % 3 === 1) return [`DESCRIPTION:Agenda as last week.\\nJoin: ${link}\\nSee you there`];
  return ["LOCATION:Online", `URL:${link}`];
}

function invitedTo({ people }: Plan, { members, declined }: Meeting): string[] {
  const invited = members.map((index) => people[index] as Person);
  return [
    `ORGANIZER:mailto:host@year.example`,
    ...invited.map(({ index, email }) => {
      const answer = declined.includes(index) ? "DECLINED" : "ACCEPTED";
      return `ATTENDEE;PARTSTAT=${answer}:mailto:${email}`;
    }),
  ];
}
