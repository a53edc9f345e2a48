import { shuffled } from "#tests/fakes/stream-webhooks.ts";
import { streamEvents } from "#tests/fakes/stream.ts";
import type { FakeCall, StreamEvent } from "#tests/fakes/stream.ts";
import type { Part } from "../convene.ts";
import { dice } from "./dice.ts";

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

export interface StormPlan {
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
const patientShare = 0.7;

/**
 * The webhooks of many calls, each of which has begun: in an order drawn from the seed, a fifth of them delayed, a
 * tenth of them twice. The ends come last: what is told of a meeting after its result is there has nobody to tell.
 */
export function planStorm({ calls, ratePerSecond, begin, seed }: Storm): StormPlan {
  const random = dice(seed);
  const count = calls.length * eventsPerCall;
  const slotMs = 1_000 / ratePerSecond;
  const lengthMs = count * slotMs;
  const early = shuffled(
    calls.flatMap((call) => beforeTheEnd(call, begin)),
    seed,
  );
  const ends = shuffled(
    calls.map((call) => ({ call, event: endOf(call, begin + lengthMs) })),
    seed + 1,
  );
  const delay = () => (random() < delayedShare ? random() * longestDelayMs : 0);
  const first = [
    ...early.map((each, at) => ({ ...each, isEnd: false, atMs: at * slotMs + delay() })),
    ...ends.map((each, at) => ({ ...each, isEnd: true, atMs: (early.length + at) * slotMs + delay() })),
  ].map((each) => ({ ...each, isPatient: random() < patientShare }));
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

/** A process struck by SIGKILL at this time, and how long it is then kept down. */
export interface Strike {
  part: Part;
  atMs: number;
  downMs: number;
}

/** Every kind of process is struck in the storm, at times drawn from the seed; a worker once more after it. */
export function planStrikes(seed: number, lengthMs: number): Strike[] {
  const random = dice(seed + 2);
  const between = (from: number, to: number) => lengthMs * (from + random() * (to - from));
  const strike = (part: Part, atMs: number, downMs = 0): Strike => ({ part, atMs, downMs });
  return [
    strike("web", between(0.05, 0.35)),
    strike("worker", between(0.1, 0.4)),
    strike("temporal", between(0.2, 0.5), 10_000),
    strike("postgres", between(0.3, 0.8)),
    strike("web", between(0.5, 0.9)),
    strike("worker", between(0.6, 1)),
    // In the midst of last words and analyses.
    strike("worker", lengthMs + 4_000 + random() * 8_000),
  ].sort((a, b) => a.atMs - b.atMs);
}
