import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chaptersOf, moveChapters } from "#domain/channels/judgement/chapters.ts";
import { mapStretch, mapTime, planEdit, silencesIn } from "#domain/channels/judgement/edit-plan.ts";
import type { Stretch } from "#domain/channels/judgement/edit-plan.ts";

const silences = fc
  .array(fc.record({ sound: fc.integer({ min: 1, max: 20_000 }), length: fc.integer({ min: 1, max: 20_000 }) }), {
    maxLength: 15,
  })
  .map((all) => {
    let at = 0;
    return all.map(({ sound, length }): Stretch => {
      const fromMs = at + sound;
      at = fromMs + length;
      return { fromMs, toMs: at };
    });
  });
const orders = fc
  .record({
    silences,
    from: fc.integer({ min: 0, max: 60_000 }),
    length: fc.integer({ min: 1, max: 200_000 }),
    introMs: fc.constantFrom(0, 900, 8_000),
    outroMs: fc.constantFrom(0, 900, 8_000),
  })
  .map(({ from, length, ...rest }) => ({ content: { fromMs: from, toMs: from + length }, ...rest }));
const times = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 2, maxLength: 30 });

test("an episode is as long as its parts without their crossfades, and no part is of what was not kept", () => {
  fc.assert(
    fc.property(orders, (order) => {
      const { parts, durationMs } = planEdit(order);
      const sum = parts.reduce((all, { fromMs, toMs, crossfadeMs }) => all + toMs - fromMs - crossfadeMs, 0);
      expect(sum).toBe(durationMs);
      const inside = parts.filter(({ source }) => source === "content");
      expect([inside[0]?.fromMs, inside.at(-1)?.toMs]).toEqual([order.content.fromMs, order.content.toMs]);
      for (const [index, part] of parts.entries()) {
        const next = parts[index + 1];
        expect(part.toMs).toBeGreaterThan(part.fromMs);
        // Fades into and out of a part do not meet.
        expect(part.crossfadeMs + (next?.crossfadeMs ?? 0)).toBeLessThanOrEqual(part.toMs - part.fromMs);
        if (next?.source !== "content" || part.source !== "content") continue;
        // What lies between two is silence.
        const cut = order.silences.find(({ fromMs, toMs }) => fromMs <= part.toMs && toMs >= next.fromMs);
        expect(cut).toBeDefined();
      }
    }),
  );
});

test("later moments stay later, all within the episode, and those that were cut are nowhere", () => {
  fc.assert(
    fc.property(orders, times, (order, moments) => {
      const plan = planEdit(order);
      let before = 0;
      for (const ms of moments.toSorted((a, b) => a - b)) {
        const at = mapTime(plan, ms);
        const isKept = plan.parts.some(
          ({ source, fromMs, toMs }) => source === "content" && fromMs <= ms && ms <= toMs,
        );
        expect(at !== null).toBe(isKept);
        if (at === null) continue;
        expect(at).toBeGreaterThanOrEqual(before);
        expect(at).toBeLessThanOrEqual(plan.durationMs);
        before = at;
      }
    }),
  );
});

test("cues of stretches that were cut are dropped, and none lasts longer or lies outside", () => {
  fc.assert(
    fc.property(orders, times, (order, [from = 0, length = 0]) => {
      const plan = planEdit(order);
      const cue = { fromMs: from, toMs: from + (length % 10_000) };
      const mapped = mapStretch(plan, cue);
      const isOutside = cue.toMs <= order.content.fromMs || cue.fromMs >= order.content.toMs;
      expect(isOutside && mapped !== null).toBe(false);
      if (mapped === null) return;
      expect(mapped.fromMs).toBeGreaterThanOrEqual(0);
      expect(mapped.toMs).toBeLessThanOrEqual(plan.durationMs);
      expect(mapped.toMs - mapped.fromMs).toBeLessThanOrEqual(cue.toMs - cue.fromMs);
      expect(mapped.toMs).toBeGreaterThan(mapped.fromMs);
    }),
  );
});

test("a long silence is shortened, a pause stays, and what is said stays where it is said", () => {
  const plan = planEdit({
    content: { fromMs: 10_000, toMs: 60_000 },
    silences: [
      { fromMs: 2_000, toMs: 9_000 },
      { fromMs: 20_000, toMs: 21_500 },
      { fromMs: 30_000, toMs: 40_000 },
    ],
  });
  expect(plan.parts.map(({ fromMs, toMs, atMs }) => [fromMs, toMs, atMs])).toEqual([
    [10_000, 30_750, 0],
    [39_250, 60_000, 20_710],
  ]);
  expect(plan.durationMs).toBe(41_460);
  expect([mapTime(plan, 9_000), mapTime(plan, 10_000), mapTime(plan, 35_000), mapTime(plan, 45_000)]).toEqual([
    null,
    0,
    null,
    26_460,
  ]);
  expect(mapStretch(plan, { fromMs: 28_000, toMs: 41_000 })).toEqual({ fromMs: 18_000, toMs: 22_460 });
});

test("silence is where the waveform shows nothing for longer than a pause", () => {
  const values = [...Array<number>(20).fill(90), ...Array<number>(40).fill(1), 90, ...Array<number>(20).fill(0), 50];
  expect(silencesIn({ values, valuesPerSecond: 20 })).toEqual([{ fromMs: 1_000, toMs: 3_000 }]);
  expect(silencesIn({ values: [], valuesPerSecond: 20 })).toEqual([]);
});

test("chapters begin where the summary's quotes are in the episode, and what was cut has none", () => {
  const plan = planEdit({ content: { fromMs: 100_000, toMs: 700_000 }, silences: [] });
  const segments = [50, 110, 160, 260, 500, 690].map((start, index) => ({
    id: `s${index}`,
    sequenceNumber: index,
    speaker: "SPEAKER_01",
    text: "",
    start,
    end: start + 5,
  }));
  const bullets = segments.map(({ id }) => ({
    kind: "point" as const,
    text: `About ${id}`,
    segmentIds: [id],
    supported: true,
  }));
  expect(chaptersOf(bullets.toReversed(), segments, plan)).toEqual([
    { title: "About s1", startMs: 0, endMs: 160_000 },
    { title: "About s3", startMs: 160_000, endMs: 400_000 },
    { title: "About s4", startMs: 400_000, endMs: 600_000 },
  ]);
  expect(chaptersOf(bullets.slice(0, 3), segments, plan)).toEqual([]);
});

test("a source's own chapters move with their talk, and those of what was cut out are none", () => {
  const plan = planEdit({
    content: { fromMs: 100_000, toMs: 700_000 },
    silences: [{ fromMs: 200_000, toMs: 241_500 }],
    introMs: 10_000,
  });
  const named = [
    { startSeconds: 400, title: "Middle" },
    { startSeconds: 0, title: "Advertisement" },
    { startSeconds: 98, title: "Hello" },
    { startSeconds: 300, title: "" },
    { startSeconds: 698, title: "Goodbye" },
  ];
  // An intro of 10 s goes before, and 40 s of silence are taken out.
  const middle = Math.round(mapTime(plan, 400_000) ?? 0);
  expect(Math.abs(middle - 270_000)).toBeLessThan(2_000);
  expect(moveChapters(named, plan)).toEqual([
    { title: "Hello", startMs: 0, endMs: middle },
    { title: "Middle", startMs: middle, endMs: Math.round(plan.durationMs) },
  ]);
  expect(moveChapters(named.slice(1, 3), plan)).toEqual([]);
  expect(moveChapters([], plan)).toEqual([]);
});
