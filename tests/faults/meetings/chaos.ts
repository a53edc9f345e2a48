import { shuffled } from "#tests/fakes/stream-webhooks.ts";
import { streamEvents } from "#tests/fakes/stream.ts";
import type { FakeCall, StreamEvent } from "#tests/fakes/stream.ts";
import type { Part } from "../convene.ts";
import { createRandom } from "#tests/simulate/random.ts";

/** A first or a repeated sending of an event. */
export interface Sending {
  event: StreamEvent;
  call: FakeCall;
  /** Milliseconds after the storm's begin. */
  atMs: number;
  isEnd: boolean;
  /** Sent again until it is taken; the others are given up as Stream does, after 15 seconds at most. */
  isPatient: boolean;
}

export interface ChaosPlan {
  sendings: Sending[];
  /** How many different events there are. */
  events: number;
  lengthMs: number;
}

/** Per call: a start, five people who come, three of them who leave, and the end. */
export const eventsPerCall = 10;
const peopleIn = [0, 1, 2, 3, 4];
const peopleOut = [1, 2, 3];
const repeatedShare = 0.1;
const delayedShare = 0.2;
const longestDelayMs = 5_000;
/** Between the rest and the ends: time for what was delayed and for a second try. */
const pauseMs = 6_000;
const patientShare = 0.7;
const lostStartShare = 0.05;

/**
 * The webhooks of many calls, each of which has begun: in an order drawn from the seed, a fifth of them delayed, a
 * tenth of them twice; one start in twenty is lost. The ends come last: what is told of a meeting after its result is
 * there has nobody to tell.
 */
export function planChaos({ calls, ratePerSecond, begin, seed }: Storm): ChaosPlan {
  const random = createRandom(seed).next;
  const count = calls.length * eventsPerCall;
  const slotMs = 1_000 / ratePerSecond;
  const lengthMs = count * slotMs + pauseMs;
  const early = shuffled(
    calls.flatMap((call) => beforeTheEnd(call, begin)),
    seed,
  );
  const ends = shuffled(
    calls.map((call) => ({ call, event: endOf(call, begin + lengthMs) })),
    seed + 1,
  );
  const delay = () => (random() < delayedShare ? random() * longestDelayMs : 0);
  const isLost = ({ event }: { event: StreamEvent }) =>
    event.type === "call.session_started" && random() < lostStartShare;
  const first = [
    ...early.map((each, at) => ({ ...each, isEnd: false, atMs: at * slotMs + delay() })),
    ...ends.map((each, at) => ({ ...each, isEnd: true, atMs: (early.length + at) * slotMs + pauseMs + delay() })),
  ]
    .filter((each) => !isLost(each))
    .map((each) => ({ ...each, isPatient: random() < patientShare }));
  const repeats = first
    .filter(() => random() < repeatedShare)
    .map((sending) => ({ ...sending, atMs: sending.atMs + random() * longestDelayMs }));
  const sendings = [...first, ...repeats].sort((a, b) => a.atMs - b.atMs);
  return { sendings, events: first.length, lengthMs };
}

interface Storm {
  calls: FakeCall[];
  ratePerSecond: number;
  /** When it begins, in milliseconds since the epoch. */
  begin: number;
  seed: number;
}

function factsOf(call: FakeCall) {
  const session = call.sessions[0];
  if (session === undefined) throw new Error(`the call ${call.id} has not begun`);
  return { meetingId: call.id, sessionId: session.id, startedAt: session.startedAt };
}

function beforeTheEnd(call: FakeCall, begin: number): { call: FakeCall; event: StreamEvent }[] {
  const facts = factsOf(call);
  const person = (who: number) => ({ userId: `${call.id}-${who}`, joinedAt: new Date(begin + who * 100) });
  return [
    streamEvents.sessionStarted({ ...facts, at: facts.startedAt }),
    ...peopleIn.map((who) => streamEvents.participantJoined({ ...facts, ...person(who), at: person(who).joinedAt })),
    ...peopleOut.map((who) =>
      streamEvents.participantLeft({ ...facts, ...person(who), at: new Date(begin + 5_000 + who * 100) }),
    ),
  ].map((event) => ({ call, event }));
}

const endOf = (call: FakeCall, at: number): StreamEvent =>
  streamEvents.sessionEnded({ ...factsOf(call), at: new Date(at), endedAt: new Date(at) });

/** A process struck by SIGKILL at this time, and again for this long whenever it comes back. */
export interface Outage {
  part: Part;
  atMs: number;
  againMs: number;
}

/** With the growing pauses of who starts it again, about ten seconds until it answers. */
const temporalAgainMs = 4_000;

/**
 * Every kind of process is struck in the storm, in an order and at times drawn from the seed; and once more a worker and
 * the database after it, in the midst of last words and analyses.
 */
export function planOutages(seed: number, lengthMs: number): Outage[] {
  const random = createRandom(seed + 2).next;
  const parts = shuffled<Part>(["web", "worker", "temporal", "postgres", "web", "worker"], seed);
  const slotMs = lengthMs / parts.length;
  const inStorm = parts.map((part, at) => ({ part, atMs: (at + random()) * slotMs }));
  const after = [
    { part: "worker" as const, atMs: lengthMs + 4_000 + random() * 4_000 },
    { part: "postgres" as const, atMs: lengthMs + 10_000 + random() * 6_000 },
  ];
  return [...inStorm, ...after].map((each) => ({
    ...each,
    againMs: each.part === "temporal" ? temporalAgainMs : 0,
  }));
}
