import { setTimeout as wait } from "node:timers/promises";
import type { FakeAttendee, FakeBot } from "#tests/fakes/attendee.ts";
import type { Feeds } from "./feeds.ts";
import { dueOf } from "./model.ts";
import type { Change, ChangeKind, Meeting, Plan } from "./model.ts";
import type { Voice } from "./people.ts";

interface EventRow {
  id: string;
  title: string;
  recorderId: string | null;
}

interface Around {
  plan: Plan;
  origin: number;
  feeds: Feeds;
  voices: Voice[];
  attendee: FakeAttendee;
}

/** What people and their calendars do in the year, each at its time. */
export type UserActions = ReturnType<typeof createUserActions>;

export function createUserActions({ plan, origin, feeds, voices, attendee }: Around) {
  const known = new Map<Meeting, number[]>();
  const done = new Map<ChangeKind, number>();
  const stopped: FakeBot[] = [];
  const count = (kind: ChangeKind) => done.set(kind, (done.get(kind) ?? 0) + 1);
  const noteKnown = (meeting: Meeting, state: number, at: number) => {
    const times = known.get(meeting) ?? [];
    times[state] = at;
    known.set(meeting, times);
  };

  async function change(meeting: Meeting, { to, by, kind }: Change): Promise<void> {
    if (by === null) {
      feeds.show(meeting, to, (at) => noteKnown(meeting, to, at));
      return void count(kind);
    }
    // Calendars show the same, whatever a person says of it.
    const until = origin + dueOf(plan, meeting, meeting.states[to]!.start) * 1000;
    const { ask } = voices[by.person]!;
    const event = await eventOf(meeting, [by.person], until, by.what === "stop");
    if (event === null) return;
    const answer =
      by.what === "stop"
        ? await ask("POST", `/api/recorders/${event.recorderId}/stop`)
        : await ask("POST", "/api/calendar/auto-join/override", {
            eventId: event.id,
            override: by.what,
            scope: by.scope,
          });
    if (answer === null) return;
    noteKnown(meeting, to, Date.now());
    count(kind);
  }

  /** The event as the page of one of these people lists it; null: it is not there until then. */
  async function eventOf(
    meeting: Meeting,
    people: number[],
    until: number,
    isWithBot: boolean,
  ): Promise<EventRow | null> {
    const { start } = meeting.states[feeds.stateOf(meeting)]!;
    const at = origin + start * 1000;
    const query = new URLSearchParams({
      from: new Date(at - 1000).toISOString(),
      to: new Date(at + 1000).toISOString(),
    });
    for (let turn = 0; ; turn += 1) {
      const person = people[turn % people.length]!;
      const list = await voices[person]!.ask<{ items: EventRow[] }>("GET", `/api/calendar/events?${query}`);
      const event = list?.items.find(({ title }) => title === meeting.states[0]!.title);
      if (event !== undefined && (!isWithBot || event.recorderId !== null)) return event;
      if (Date.now() > until) return null;
      await wait(1_000);
    }
  }

  /** Somebody sends the bot away, by its button or by "never", when it is in the meeting. */
  async function sendAway(meeting: Meeting, signal: AbortSignal): Promise<void> {
    const find = () =>
      attendee.bots.find((bot) => bot.meetingUrl === meeting.states[0]!.link && bot.state() === "joined_recording");
    while (find() === undefined) {
      if (signal.aborted) return;
      await wait(500);
    }
    const bot = find()!;
    // Those who do not want it recorded see nothing of its bot.
    const event = await eventOf(meeting, meeting.members, Date.now() + 60_000, true);
    if (event === null) throw new Error(`Meeting ${meeting.id} has a bot, and its event says nothing of it`);
    const { ask } = voices[meeting.members[0]!]!;
    if (meeting.course === "stopped") await ask("POST", `/api/recorders/${event.recorderId}/stop`);
    else await ask("POST", "/api/calendar/auto-join/override", { eventId: event.id, override: "never" });
    stopped.push(bot);
  }

  return {
    done,
    stopped,
    knownAt: (meeting: Meeting, state: number) => (state === 0 ? -Infinity : (known.get(meeting)?.[state] ?? Infinity)),
    /** Every change at its time; ends when all are made. */
    async changeAll(signal: AbortSignal): Promise<void> {
      const changes = plan.meetings
        .flatMap((meeting) => meeting.changes.map((each) => ({ meeting, change: each })))
        .toSorted((a, b) => a.change.at - b.change.at);
      // A person speaks one word after the other, also where both fall into one second.
      const underWay = new Map<Meeting, Promise<void>>();
      const errors: unknown[] = [];
      for (const { meeting, change: each } of changes) {
        await wait(Math.max(0, origin + each.at * 1000 - Date.now()), undefined, { signal });
        const before = underWay.get(meeting) ?? Promise.resolve();
        const made = before.then(() => change(meeting, each)).catch((error: unknown) => void errors.push(error));
        underWay.set(meeting, made);
      }
      await Promise.all(underWay.values());
      if (errors.length > 0) throw errors[0];
    },
    /** Bots that are to be sent away are, whenever they come; ends when it is told to. */
    async sendAllAway(signal: AbortSignal): Promise<void> {
      const meetings = plan.meetings.filter(
        ({ course, states: [first] }) => isSentAway(course) && first!.start > 0 && first!.start <= plan.seconds,
      );
      await Promise.all(meetings.map((meeting) => sendAway(meeting, signal)));
    },
  };
}

const isSentAway = (course: Meeting["course"]) => course === "stopped" || course === "nevered";
