import { readFile } from "node:fs/promises";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { practiceRate } from "#domain/practice.ts";

interface Piece {
  samples: ArrayBuffer;
  level: number;
}
interface Processor {
  process(inputs: Float32Array[][]): boolean;
}

/** The worklet as a browser's audio thread runs it, at the rate of that device. */
async function worklet(sampleRate: number) {
  const pieces: Piece[] = [];
  let Made: (new () => Processor) | undefined;
  class AudioWorkletProcessor {
    port = { postMessage: (piece: Piece) => pieces.push(piece) };
  }
  runInNewContext(await readFile("web/public/practice-microphone.js", "utf8"), {
    AudioWorkletProcessor,
    sampleRate,
    registerProcessor: (_: string, processor: new () => Processor) => (Made = processor),
    Int16Array,
    Math,
  });
  const processor = new Made!();
  return {
    pieces,
    /** Plays a tone of one second, in the blocks of 128 samples that browsers hand over. */
    tone(hertz: number) {
      for (let at = 0; at < sampleRate; at += 128) {
        const block = Float32Array.from({ length: Math.min(128, sampleRate - at) }, (_, index) =>
          Math.sin((2 * Math.PI * hertz * (at + index)) / sampleRate),
        );
        expect(processor.process([[block]])).toBe(true);
      }
      return Int16Array.from(pieces.flatMap(({ samples }) => [...new Int16Array(samples)]));
    },
    none: () => processor.process([[]]),
  };
}

const crossings = (samples: Int16Array) =>
  samples.reduce((count, sample, index) => count + Number(index > 0 && sample >= 0 !== samples[index - 1]! >= 0), 0);
const rms = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, each) => sum + (each / 32767) ** 2, 0) / samples.length);

for (const rate of [8_000, 16_000, 44_100, 48_000, 96_000]) {
  test(`a microphone of ${rate} Hz gives a second of 16 kHz in tenths, with its tone at its height and loudness`, async () => {
    const { pieces, tone, none } = await worklet(rate);
    const samples = tone(440);
    expect(pieces.length).toBeGreaterThanOrEqual(9);
    expect(pieces.every((piece) => piece.samples.byteLength === practiceRate / 5)).toBe(true);
    const seconds = samples.length / practiceRate;
    expect(Math.abs(crossings(samples) / (2 * seconds) - 440)).toBeLessThan(5);
    expect(rms(samples)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(pieces[5]?.level).toBeCloseTo(Math.SQRT1_2, 1);
    expect(none()).toBe(true);
  });
}

test("what is too high for 16 kHz does not come back as another tone at full height", async () => {
  expect(rms((await worklet(48_000)).tone(15_000))).toBeLessThan(0.15);
});
