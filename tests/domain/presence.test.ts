import fc from "fast-check";
import { expect, test } from "vitest";
import { emptySince, mergePresence, leftByLast } from "#domain/presence.ts";
import type { PersonEvent, Presence } from "#domain/presence.ts";

const all = (events: PersonEvent[]) => events.reduce<Presence>(mergePresence, {});
const came = (person: string, at: number): PersonEvent => ({ type: "personJoined", person, at });
const left = (person: string, at: number): PersonEvent => ({ type: "personLeft", person, at });

test("a call is empty since its last person left, and not while anybody is there", () => {
  expect(emptySince({})).toBeNull();
  expect(emptySince(all([came("a", 1), came("b", 2), left("a", 5)]))).toBeNull();
  expect(emptySince(all([came("a", 1), came("b", 2), left("a", 5), left("b", 4)]))).toBe(5);
});

test("somebody who comes back within the grace time is there again", () => {
  expect(emptySince(all([came("a", 1), left("a", 5), came("a", 7)]))).toBeNull();
  expect(emptySince(all([came("a", 1), left("a", 5), came("a", 7), left("a", 9)]))).toBe(9);
});

test("order and repeats of comings and leavings do not matter", () => {
  const event = fc.record({
    type: fc.constantFrom<PersonEvent["type"]>("personJoined", "personLeft"),
    person: fc.constantFrom("a", "b", "c"),
    at: fc.integer({ min: 0, max: 50 }),
  });
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 12 }).chain((events) =>
        fc.record({
          events: fc.constant(events),
          order: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        }),
      ),
      ({ events, order }) => {
        expect(all(order)).toEqual(all(events));
      },
    ),
    { numRuns: 1_000 },
  );
});

test("who says to be the last to leave is believed unless others are known to be there", () => {
  const stay = (user: string, at: number): PersonEvent => ({
    type: "personJoined",
    person: `stay-${user}-${at}`,
    user,
    at,
  });
  const gone = (user: string, since: number, at: number): PersonEvent => ({
    type: "personLeft",
    person: `stay-${user}-${since}`,
    user,
    at,
  });
  const both = [stay("anna", 1), stay("ben", 2)];
  expect(leftByLast({}, { ben: 5 })).toBe(5);
  expect(leftByLast(all(both), {})).toBeNull();
  expect(leftByLast(all(both), { ben: 5 })).toBeNull();
  expect(leftByLast(all(both), { stranger: 5 })).toBeNull();
  expect(leftByLast(all([...both, gone("anna", 1, 7)]), { ben: 5 })).toBe(7);
  // Who came back after saying so is there.
  expect(leftByLast(all([...both, gone("anna", 1, 7), stay("ben", 8)]), { ben: 5 })).toBeNull();
  expect(leftByLast(all(both), { anna: 5, ben: 6 })).toBe(6);
});
