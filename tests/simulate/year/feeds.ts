import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { eventText } from "./ics.ts";
import type { Meeting, Plan } from "./model.ts";

/** A change that calendars hold, and that is not known to have been read. */
interface Unread {
  /** Whose calendars have to be read yet, and which version of each. */
  by: Map<number, number>;
  done: (at: number) => void;
}

export type Feeds = Awaited<ReturnType<typeof startFeeds>>;

/**
 * Everybody's calendar on loopback, each as its meetings stand. That a version was read and kept is known from outside:
 * whoever has it says so by its ETag when asking again.
 */
export async function startFeeds(plan: Plan, origin: () => number) {
  const versions = plan.people.map(() => 1);
  const states = plan.meetings.map(() => 0);
  const meetingsOf = plan.people.map(() => [] as Meeting[]);
  for (const meeting of plan.meetings) for (const person of meeting.members) meetingsOf[person]!.push(meeting);
  let unread: Unread[] = [];
  const counts = { read: 0, unchanged: 0 };

  const textOf = (person: number) =>
    [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Year//Year//EN",
      ...meetingsOf[person]!.flatMap((meeting) =>
        eventText(plan, meeting, meeting.states[states[meeting.id]!]!, origin()),
      ),
      "END:VCALENDAR",
      "",
    ].join("\r\n");

  function noteRead(person: number, version: number): void {
    const waiting = unread;
    unread = [];
    for (const each of waiting) {
      if ((each.by.get(person) ?? Infinity) <= version) each.by.delete(person);
      if (each.by.size === 0) each.done(Date.now());
      else unread.push(each);
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const person = Number(/^\/(\d+)\.ics$/.exec(request.url ?? "")?.[1]);
    const version = versions[person];
    if (version === undefined) return void response.writeHead(404).end();
    const known = /^"\d+-(\d+)"$/.exec(request.headers["if-none-match"] ?? "")?.[1];
    if (known !== undefined) noteRead(person, Number(known));
    if (Number(known) === version) {
      counts.unchanged += 1;
      return void response.writeHead(304).end();
    }
    counts.read += 1;
    const headers = { "content-type": "text/calendar", etag: `"${person}-${version}"` };
    return void response.writeHead(200, headers).end(textOf(person));
  }

  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (person: number) => `http://127.0.0.1:${port}/${person}.ics`,
    counts,
    /** How a meeting stands in calendars at present. */
    stateOf: ({ id }: Meeting) => states[id]!,
    /** Calendars hold the meeting's next state from now on; `done` hears when all of them were read. */
    show({ id, members }: Meeting, state: number, done: (at: number) => void): void {
      states[id] = state;
      for (const person of members) versions[person]! += 1;
      unread.push({ by: new Map(members.map((person) => [person, versions[person]!])), done });
    },
    /** All calendars are new: the year they tell of begins at another time. */
    showAnew(): void {
      for (const person of versions.keys()) versions[person]! += 1;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
