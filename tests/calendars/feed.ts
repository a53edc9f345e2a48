import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One event of a calendar under test; `at` is its start. */
export interface FeedEvent {
  uid: string;
  title: string;
  at: Date;
  minutes?: number;
  link?: string;
  /** More lines of the event, such as RRULE. */
  lines?: string[];
}

const stamp = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d+/g, "");

/** A calendar's text as a server would give it. */
export const calendarText = (events: readonly FeedEvent[]): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Example//Calendar//EN",
    ...events.flatMap(({ uid, title, at, minutes = 30, link, lines = [] }) => [
      "BEGIN:VEVENT",
      `UID:${uid}`,
      "DTSTAMP:20260101T000000Z",
      `DTSTART:${stamp(at)}`,
      `DTEND:${stamp(new Date(at.getTime() + minutes * 60_000))}`,
      `SUMMARY:${title}`,
      ...(link === undefined ? [] : [`LOCATION:${link}`]),
      ...lines,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");

export type Feed = Awaited<ReturnType<typeof startFeed>>;

/** A calendar's server on loopback, which answers as it is told. */
export async function startFeed() {
  const asked: IncomingHttpHeaders[] = [];
  const state = { events: [] as FeedEvent[], answer: null as ((response: ServerResponse) => unknown) | null };
  const server = createServer((request, response) => {
    asked.push(request.headers);
    if (state.answer !== null) return state.answer(response);
    const text = calendarText(state.events);
    const etag = `"${Buffer.from(text).toString("base64url").slice(-20)}${text.length}"`;
    if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
    return response.writeHead(200, { "content-type": "text/calendar", etag }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/private-secret/basic.ics`,
    asked,
    state,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
