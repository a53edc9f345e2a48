import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findMainContent } from "#domain/channels/judgement/main-content.ts";
import { decidePublication, usualThresholds } from "#domain/channels/judgement/decide.ts";
import { verifiedReading } from "#domain/channels/judgement/reading.ts";
import { noticeWords, speech } from "./spoken-example.ts";
import type { Segment } from "#domain/transcript.ts";

const judged = (segments: Segment[], first?: Segment, last?: Segment) => {
  const durationMs = (segments.at(-1)?.end ?? 0) * 1000;
  const reading = first && last ? { firstSegmentId: first.id, lastSegmentId: last.id } : null;
  const content = findMainContent({ segments, durationMs, speakersKnown: true, reading });
  const decision = decidePublication({ content, segments, isWhole: true, soundsForeign: false }, usualThresholds);
  const borders = decision.reasons.find(({ name }) => name === "sure_borders");
  return { content, decision, borders };
};

test("D-41 a model's border where the file has one too makes it surer", () => {
  const talk = speech(0, 80);
  const notices = speech((talk.at(-1)?.end ?? 0) + 5, 12, { speaker: 2, words: noticeWords });
  const all = [...talk, ...notices];
  const alone = judged(all);
  const read = judged(all, talk[0], talk.at(-1));
  expect(read.content?.end).toEqual({
    isCut: true,
    sureness: Math.min(4, (alone.content?.end.sureness ?? 0) + 1),
    reader: "agrees",
  });
  expect(read.borders?.words).toContain("its end is clear by the language model's word too");
});

test("D-41 a single sign of the file is a border where a model names it, and none where nobody does", () => {
  const talk = speech(0, 80);
  // Somebody else, without a pause, in words that tell nothing.
  const other = speech((talk.at(-1)?.end ?? 0) + 0.2, 10, { speaker: 2 }).map((each) => ({
    ...each,
    text: "Thank you.",
  }));
  const all = [...talk, ...other];
  expect(judged(all).content?.end).toMatchObject({ isCut: false, sureness: 1, reader: null });
  // Also where it is a sentence off.
  for (const last of [talk.at(-1), talk.at(-2), other[0]]) {
    expect(judged(all, talk[0], last).content).toMatchObject({
      lastSegmentId: talk.at(-1)?.id,
      end: { isCut: true, sureness: 2, reader: "agrees" },
    });
  }
});

test("D-41 a model alone cuts nothing, and holds what it sees otherwise", () => {
  const talk = speech(0, 80);
  const { content, decision, borders } = judged(talk, talk[0], talk[50]);
  expect(content).toMatchObject({
    lastSegmentId: talk.at(-1)?.id,
    end: { isCut: false, sureness: 1, reader: "differs" },
  });
  expect(decision.should_autopublish).toBe(false);
  expect(borders?.words).toContain("the language model puts its end elsewhere");
  expect(borders?.segmentIds).toContain(talk[50]?.id);
});

test("D-41 whatever a model says, nothing is published that another reason holds", () => {
  const talk = speech(0, 10);
  const result = fc.check(
    fc.property(fc.nat(9), fc.nat(9), (a, b) => {
      const [first, last] = [talk[Math.min(a, b)], talk[Math.max(a, b)]];
      // Ten sentences are less than a minute.
      return !judged(talk, first, last).decision.should_autopublish;
    }),
  );
  expect(fc.defaultReportMessage(result)).toBeUndefined();
});

test("what a model quotes is looked for in the transcript", () => {
  const talk = speech(0, 5);
  const [first, second, , , last] = talk as [Segment, Segment, Segment, Segment, Segment];
  const claim = (a: [string, string], b: [string, string]) =>
    verifiedReading({ first: { segmentId: a[0], quote: a[1] }, last: { segmentId: b[0], quote: b[1] } }, talk);
  const right = { firstSegmentId: first.id, lastSegmentId: last.id };
  expect(claim([first.id, "because THERE harvest"], [last.id, last.text])).toEqual(right);
  // Rightly quoted and wrongly counted.
  expect(claim([second.id, first.text], [last.id, last.text])).toEqual(right);
  expect(claim([first.id, "And now a word from our sponsor"], [last.id, last.text])).toBeNull();
  expect(claim(["invented", "because"], [last.id, last.text])).toBeNull();
  expect(claim([first.id, ""], [last.id, last.text])).toBeNull();
  expect(claim([last.id, last.text], [first.id, first.text])).toBeNull();
});
