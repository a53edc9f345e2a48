import { signStream, streamEvents } from "#tests/fakes/stream.ts";
import type { StreamEvent } from "#tests/fakes/stream.ts";

/** A delivery as it goes over the wire. */
export interface SignedDelivery {
  body: string;
  signature: string;
  /** Whether it is the start or the end of a call, the two that a design has to act on. */
  isTurningPoint: boolean;
}

/** A call that is told of; times are milliseconds since the epoch, since this goes to another process. */
export interface ToldCall {
  meetingId: string;
  sessionId: string;
  startedAtMs: number;
}

/** Types that a call at Stream sends and no meeting needs. */
const unused = [
  "call.updated",
  "call.reaction_new",
  "call.closed_caption",
  "call.user_muted",
  "call.member_updated",
  "call.permission_request",
  "call.stats_report_ready",
];

/** What comes at a step of a call: of twenty deliveries, one tells who came, one who left, and four come again. */
const kindAt = (step: number) =>
  step % 5 === 4 ? "again" : step % 20 === 0 ? "joined" : step % 20 === 10 ? "left" : "unused";

/**
 * The webhooks of many calls, in the order of their sending: `perCall` of each, from its start to its end, `atOnce`
 * calls at a time and as many of them begun evenly after each other. Starts and ends come twice as well.
 */
export function deliveriesOf(
  calls: readonly ToldCall[],
  { perCall, atOnce, secret }: { perCall: number; atOnce: number; secret: string },
): SignedDelivery[] {
  const placed = calls.flatMap((call, index) => {
    const lane = index % atOnce;
    const first = Math.floor(index / atOnce) * perCall + Math.floor((lane * perCall) / atOnce);
    return eventsOf(call, perCall).map((event, step) => ({ event, place: (first + step) * atOnce + lane }));
  });
  return placed
    .toSorted((a, b) => a.place - b.place)
    .map(({ event }) => {
      const body = JSON.stringify(event);
      const isTurningPoint = event.type === "call.session_started" || event.type === "call.session_ended";
      return { body, signature: signStream(body, secret), isTurningPoint };
    });
}

function eventsOf({ meetingId, sessionId, startedAtMs }: ToldCall, count: number): StreamEvent[] {
  const startedAt = new Date(startedAtMs);
  const at = (step: number) => ({ meetingId, sessionId, startedAt, at: new Date(startedAtMs + step * 10) });
  const host = { userId: "host", joinedAt: startedAt };
  const events = [
    streamEvents.sessionStarted(at(0)),
    streamEvents.sessionStarted(at(0)),
    // Somebody stays from the begin to the end, so that the call is never empty.
    streamEvents.participantJoined({ ...at(1), ...host }),
  ];
  for (let step = events.length; events.length < count - 3; step += 1) {
    const guest = { userId: `guest-${Math.floor(step / 20)}`, joinedAt: startedAt };
    const kind = kindAt(step);
    const last = events.at(-1);
    if (kind === "joined") events.push(streamEvents.participantJoined({ ...at(step), ...guest }));
    else if (kind === "left") events.push(streamEvents.participantLeft({ ...at(step), ...guest }));
    else if (kind === "again" && last) events.push(last);
    else events.push(unusedEvent(at(step), step));
  }
  const ended = streamEvents.sessionEnded({ ...at(count), endedAt: at(count).at });
  return [...events, streamEvents.participantLeft({ ...at(count), ...host }), ended, ended];
}

function unusedEvent(facts: Parameters<typeof streamEvents.sessionStarted>[0], step: number): StreamEvent {
  const type = unused[step % unused.length] ?? "call.updated";
  return { ...streamEvents.sessionStarted(facts), type, user: { id: "host", name: "Host", role: "user", custom: {} } };
}
