import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findMainContent } from "#domain/channels/judgement/main-content.ts";
import { decidePublication, usualThresholds } from "#domain/channels/judgement/decide.ts";
import type { Segment } from "#domain/transcript.ts";
import { noticeWords, speech, talkWords } from "./spoken-example.ts";

const find = (segments: Segment[], durationMs: number, speakersKnown = true) =>
  findMainContent({ segments, durationMs, speakersKnown });

test("a talk between music and another person's notices is found by both its borders", () => {
  const notices = speech(10, 12, { speaker: 2, words: noticeWords });
  const talk = speech(90, 80);
  const end = talk.at(-1)?.end ?? 0;
  const after = speech(end + 5, 12, { speaker: 3, words: noticeWords });
  const found = find([...notices, ...talk, ...after], (end + 120) * 1000);
  expect(found).toMatchObject({ firstSegmentId: talk[0]?.id, lastSegmentId: talk.at(-1)?.id });
  expect(Math.abs((found?.startMs ?? 0) / 1000 - 90)).toBeLessThan(3);
  expect(Math.abs((found?.endMs ?? 0) / 1000 - end)).toBeLessThan(3);
  expect([found?.start.isCut, found?.end.isCut]).toEqual([true, true]);
});

test("music before the first word and after the last is left out, a short jingle is not", () => {
  const talk = speech(40, 60);
  const end = talk.at(-1)?.end ?? 0;
  expect(find(talk, (end + 30) * 1000)).toMatchObject({ startMs: 39_700, endMs: Math.round((end + 0.3) * 1000) });
  const near = speech(8, 60);
  const nearEnd = near.at(-1)?.end ?? 0;
  expect(find(near, (nearEnd + 8) * 1000)).toMatchObject({ startMs: 0, endMs: Math.round((nearEnd + 8) * 1000) });
});

test("one weak sign neither cuts nor publishes", () => {
  // Another person at the end, with the talk's own words and no pause.
  const talk = speech(0, 80);
  const guest = speech((talk.at(-1)?.end ?? 0) + 0.2, 10, { speaker: 2, words: ["quartz", "velvet", "lantern"] });
  const short = guest.map((each) => ({ ...each, text: "Thank you." }));
  const segments = [...talk, ...short];
  const durationMs = (segments.at(-1)?.end ?? 0) * 1000;
  const content = find(segments, durationMs);
  expect(content).toMatchObject({ endMs: Math.round(durationMs), end: { isCut: false, sureness: 1 } });
  const decision = decidePublication({ content, segments, isWhole: true, soundsForeign: false }, usualThresholds);
  expect(decision.should_autopublish).toBe(false);
  expect(decision.reasons.filter(({ isMet }) => !isMet).map(({ name }) => name)).toEqual(["sure_borders"]);
});

test("pauses within a talk, and people who take part in it, cut nothing", () => {
  const solo = speech(0, 80, { pauseEvery: 10, pause: 12 });
  expect(find(solo, (solo.at(-1)?.end ?? 0) * 1000)).toMatchObject({
    start: { isCut: false, sureness: 4 },
    end: { isCut: false, sureness: 4 },
  });
  const dialogue = speech(0, 80).map((each, index) => ({ ...each, speaker: `SPEAKER_0${(index % 2) + 1}` }));
  expect(find(dialogue, (dialogue.at(-1)?.end ?? 0) * 1000)).toMatchObject({
    firstSegmentId: dialogue[0]?.id,
    lastSegmentId: dialogue.at(-1)?.id,
  });
});

test("D-41 a clear talk is published, and each thing that is missing holds it with words and values", () => {
  const talk = speech(30, 80);
  const durationMs = ((talk.at(-1)?.end ?? 0) + 30) * 1000;
  const facts = { content: find(talk, durationMs), segments: talk, isWhole: true, soundsForeign: false };
  const sure = decidePublication(facts, usualThresholds);
  expect(sure.should_autopublish).toBe(true);
  expect(sure.confidence).toBeGreaterThan(0.5);
  const missing = [
    [{ ...facts, isWhole: false }, "whole_file"],
    [{ ...facts, soundsForeign: true }, "language"],
    [{ ...facts, segments: talk.map((each) => ({ ...each, text: "(unclear)" })) }, "language"],
  ] as const;
  for (const [changed, name] of missing) {
    const held = decidePublication(changed, usualThresholds);
    expect(held.should_autopublish).toBe(false);
    expect(held.confidence).toBeLessThan(0.5);
    expect(held.reasons.filter(({ isMet }) => !isMet)).toMatchObject([{ name, words: expect.stringMatching(/\w/) }]);
  }
  const nothing = decidePublication({ ...facts, content: null }, usualThresholds);
  expect([nothing.should_autopublish, nothing.confidence]).toEqual([false, 0]);
});

test("D-36 the content is measured by where somebody speaks, not by how far a recogniser's times reach", () => {
  const talk = speech(30, 80);
  const until = talk.at(-1)?.end ?? 0;
  const voice = talk.map(({ start, end }) => ({ start, end }));
  // A recogniser gives the first words the music before them, and the last ones the silence after.
  const stretched = talk.map((each, index) => ({
    ...each,
    start: index === 0 ? 0 : each.start,
    end: each === talk.at(-1) ? until + 30 : each.end,
  }));
  const durationMs = Math.round((until + 30) * 1000);
  const measure = (heard: { start: number; end: number }[] | null) => {
    const content = findMainContent({ segments: stretched, durationMs, speakersKnown: true, voice: heard });
    const { reasons } = decidePublication(
      { content, segments: stretched, isWhole: true, soundsForeign: false },
      usualThresholds,
    );
    return { content, share: reasons.find(({ name }) => name === "share_of_speech") };
  };
  expect(measure(null).content).toMatchObject({ startMs: 0, endMs: durationMs, voiceSeconds: null });
  const { content, share } = measure(voice);
  expect(content).toMatchObject({ startMs: 29_700, endMs: Math.round((until + 0.3) * 1000) });
  expect(content?.voiceSeconds).toBeCloseTo(80 * 4, 5);
  expect(share).toMatchObject({ isMet: true });
  // Words were written down for all of it, but somebody speaks in a quarter of it.
  const sparse = voice.map(({ start }) => ({ start, end: start + 1 }));
  expect(measure(sparse).share).toMatchObject({
    isMet: false,
    words: expect.stringMatching(/^Somebody speaks in 2\d %/),
  });
  // Words at a place where no voice was heard stay: whoever listens for voices misses some.
  expect(measure([{ start: 200, end: 210 }]).content).toMatchObject({ startMs: 0, firstSegmentId: talk[0]?.id });
});

const anySegments = fc
  .array(
    fc.record({
      pause: fc.double({ min: -3, max: 40, noNaN: true }),
      length: fc.double({ min: 0, max: 30, noNaN: true }),
      speaker: fc.integer({ min: 1, max: 4 }),
      text: fc.constantFrom("(unclear)", talkWords.join(" "), noticeWords.join(" "), "Yes.", ""),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ pause, length, speaker, text }, index): Segment => {
      const start = Math.max(0, at + pause);
      at = start + length;
      return { id: `s${index}`, sequenceNumber: index, speaker: `SPEAKER_0${speaker}`, text, start, end: at };
    });
  });

test("whatever was heard, the content lies in the file and holds its first and last segment", () => {
  fc.assert(
    fc.property(anySegments, fc.boolean(), fc.double({ min: 0, max: 60, noNaN: true }), (segments, known, tail) => {
      const durationMs = Math.round((Math.max(0, ...segments.map(({ end }) => end)) + tail) * 1000);
      const found = find(segments, durationMs, known);
      expect(found === null).toBe(segments.every(({ text }) => text === "(unclear)"));
      if (found === null) return;
      const at = (id: string) => segments.find((each) => each.id === id);
      const [first, last] = [at(found.firstSegmentId), at(found.lastSegmentId)];
      expect(found.startMs).toBeGreaterThanOrEqual(0);
      expect(found.endMs).toBeLessThanOrEqual(durationMs);
      expect(found.startMs).toBeLessThanOrEqual((first?.start ?? 0) * 1000 + 1);
      expect(found.endMs).toBeGreaterThanOrEqual((last?.end ?? 0) * 1000 - 1);
      expect(found.speechSeconds).toBeLessThanOrEqual(found.allSpeechSeconds + 1e-6);
      expect(find(segments.toReversed(), durationMs, known)).toEqual(found);
    }),
  );
});

test("a decision publishes only where every reason is met, which is where its confidence is half and more", () => {
  fc.assert(
    fc.property(anySegments, fc.boolean(), fc.boolean(), (segments, isWhole, soundsForeign) => {
      const content = find(segments, 600_000);
      const facts = { content, segments, isWhole, soundsForeign };
      const decision = decidePublication(facts, usualThresholds);
      expect(decision.should_autopublish).toBe(decision.reasons.every(({ isMet }) => isMet));
      expect(decision.should_autopublish).toBe(decision.confidence >= 0.5);
      const ids = new Set(segments.map(({ id }) => id));
      for (const { value, threshold, isMet, words, segmentIds } of decision.reasons) {
        expect([Number.isFinite(value), value >= threshold, words.length > 0]).toEqual([true, isMet, true]);
        expect(segmentIds.every((id) => ids.has(id))).toBe(true);
      }
      const doubted = decidePublication({ ...facts, isWhole: false }, usualThresholds);
      expect(doubted.confidence).toBeLessThanOrEqual(decision.confidence);
    }),
  );
});
