import fc from "fast-check";
import { expect, test } from "vitest";
import { endOf, isOver, mergeCallFacts, meetingStatusOf, meetingStatuses, noCall } from "#domain/meeting.ts";
import type { CallEvent, CallFacts } from "#domain/meeting.ts";
import { advance, isFinal, newRun, runStatuses } from "#domain/run.ts";
import type { RunState } from "#domain/run.ts";

const start = Date.UTC(2026, 10, 21, 10);
const all = (events: CallEvent[], facts: CallFacts = noCall) => events.reduce(mergeCallFacts, facts);

/** What a meeting's workflow does with the facts it has, as the row sees it. */
function follow(state: RunState, facts: CallFacts): RunState {
  let next = state;
  if (facts.startedAt !== null) next = advance(advance(next, { type: "started" }), { type: "callBegan" });
  if (isOver(facts)) next = advance(next, { type: "stage", stage: "drain" });
  return next;
}

/** A call of one or two sessions, told by webhook, by the page's leave and by the reconcile pass alike. */
const eventsOfCall = fc
  .record({ minutes: fc.integer({ min: 1, max: 90 }), again: fc.boolean(), leaves: fc.boolean(), lost: fc.boolean() })
  .map(({ minutes, again, leaves, lost }): CallEvent[] => {
    const end = start + minutes * 60_000;
    const first: CallEvent[] = [
      { type: "callStarted", at: start },
      { type: "callEnded", at: end },
    ];
    const second: CallEvent[] = again
      ? [
          { type: "callStarted", at: end + 5_000 },
          { type: "callEnded", at: end + 65_000 },
        ]
      : [];
    const told = [...first, ...second];
    const last = Math.max(...told.map(({ at }) => at));
    // A lost webhook is made up for by the provider's own word, which says the same.
    const made = lost ? told : [];
    return [...told, ...made, ...(leaves ? [{ type: "lastPersonLeft" as const, at: last - 200 }] : [])];
  });

test("a meeting's events lead to one state in 2,000 random orders with repeats (weak points 2, 3, 4, 21)", () => {
  fc.assert(
    fc.property(
      eventsOfCall.chain((events) =>
        fc.record({
          events: fc.constant(events),
          order: fc.shuffledSubarray([...events, ...events, ...events], {
            minLength: events.length * 3,
            maxLength: events.length * 3,
          }),
        }),
      ),
      ({ events, order }) => {
        let facts = noCall;
        let state = newRun("meeting", "upcoming");
        for (const event of order) {
          facts = mergeCallFacts(facts, event);
          state = follow(state, facts);
        }
        expect(facts).toEqual(all(events));
        expect(state).toMatchObject({ status: "processing", stage: "drain" });
        expect(isOver(facts)).toBe(true);
        const ended = advance(state, { type: "completed" });
        // Whatever comes late finds a final meeting.
        expect(order.reduce((known, event) => follow(known, mergeCallFacts(facts, event)), ended)).toBe(ended);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("weak point 3: an end without any start leaves the meeting upcoming, and counts once the start is known", () => {
  const early = all([{ type: "callEnded", at: start + 1_000 }]);
  expect(isOver(early)).toBe(false);
  expect(follow(newRun("meeting", "upcoming"), early).status).toBe("pending");
  const known = mergeCallFacts(early, { type: "callStarted", at: start });
  expect(isOver(known)).toBe(true);
  expect(endOf(known)).toBe(start + 1_000);
});

test("an end of an earlier session does not end the one that goes on", () => {
  const facts = all([
    { type: "callStarted", at: start },
    { type: "callStarted", at: start + 60_000 },
    { type: "callEnded", at: start + 30_000 },
  ]);
  expect(isOver(facts)).toBe(false);
  expect(endOf(facts)).toBeNull();
});

test("weak point 22: the last person's leave ends the call before the provider's own event", () => {
  const facts = all([
    { type: "callStarted", at: start },
    { type: "lastPersonLeft", at: start + 9_000 },
  ]);
  expect(isOver(facts)).toBe(true);
  const confirmed = mergeCallFacts(facts, { type: "callEnded", at: start + 9_400 });
  expect(endOf(confirmed)).toBe(start + 9_400);
});

test("weak point 21: the longest time allowed ends a call whose end was lost", () => {
  const facts = all([
    { type: "callStarted", at: start },
    { type: "cutOff", at: start + 3_600_000 },
  ]);
  expect(isOver(facts)).toBe(true);
  expect(endOf(facts)).toBe(start + 3_600_000);
});

test("joining facts is commutative, associative and idempotent", () => {
  const event = fc.record({
    type: fc.constantFrom<CallEvent["type"]>("callStarted", "callEnded", "lastPersonLeft", "cutOff"),
    at: fc.integer({ min: 0, max: 1_000 }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), fc.array(event, { maxLength: 8 }), (some, others) => {
      expect(all([...some, ...others])).toEqual(all([...others, ...some]));
      const once = all(some);
      expect(all(some, once)).toBe(once);
    }),
  );
});

test("A-13 every status of a run shows as one of the six at the edge", () => {
  expect(runStatuses.map(meetingStatusOf)).toEqual([
    "upcoming",
    "active",
    "active",
    "processing",
    "completed",
    "failed",
    "cancelled",
  ]);
  expect(new Set(runStatuses.map(meetingStatusOf))).toEqual(new Set(meetingStatuses));
});

test("weak point 15: a cancelled meeting is not overwritten by what comes after", () => {
  const cancelled = advance(follow(newRun("meeting", "upcoming"), all([{ type: "callStarted", at: start }])), {
    type: "cancelled",
  });
  expect(isFinal(cancelled.status)).toBe(true);
  const facts = all([
    { type: "callStarted", at: start },
    { type: "callEnded", at: start + 1 },
  ]);
  expect(follow(cancelled, facts)).toBe(cancelled);
  expect(advance(cancelled, { type: "completed" })).toBe(cancelled);
});

test("a meeting called off in its call is tried again from what was said, not by calling again", () => {
  const inCall = advance(advance(newRun("meeting", "upcoming"), { type: "started" }), { type: "callBegan" });
  const again = advance(advance(inCall, { type: "cancelled" }), { type: "retried" });
  expect(again).toMatchObject({ status: "pending", stage: "drain", attempt: 2 });
  const early = advance(newRun("meeting", "upcoming"), { type: "cancelled" });
  expect(advance(early, { type: "retried" })).toMatchObject({ status: "pending", stage: "upcoming", attempt: 2 });
});
