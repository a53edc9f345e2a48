import { speechRate } from "./wav.ts";

/**
 * The stored shape of a waveform: the largest absolute sample of each equal slice of time, 0 to 255, slice `i`
 * starting at `i / valuesPerSecond` seconds.
 */
export interface Peaks {
  version: 1;
  durationSeconds: number;
  valuesPerSecond: number;
  values: number[];
}

const finest = 20;
const mostValues = 8000;

/** Collects peaks of a stream of 16 kHz samples in little memory: when there are too many values, pairs are merged. */
export function createPeaks() {
  let samplesPerValue = speechRate / finest;
  let values: number[] = [];
  let largest = 0;
  let inSlice = 0;
  let total = 0;

  const close = () => {
    values.push(Math.min(255, largest >> 7));
    largest = 0;
    inSlice = 0;
    if (values.length < mostValues) return;
    values = pairMaxima(values);
    samplesPerValue *= 2;
  };
  return {
    add(samples: Int16Array) {
      total += samples.length;
      for (const sample of samples) {
        const size = sample < 0 ? -sample : sample;
        if (size > largest) largest = size;
        inSlice += 1;
        if (inSlice === samplesPerValue) close();
      }
    },
    finish(): Peaks {
      if (inSlice > 0) close();
      return {
        version: 1,
        durationSeconds: Math.round((total / speechRate) * 1000) / 1000,
        valuesPerSecond: speechRate / samplesPerValue,
        values,
      };
    },
  };
}

/** Peaks as they are stored. */
export const peaksIn = (json: string): Peaks => JSON.parse(json) as Peaks;

function pairMaxima(values: number[]) {
  const halved: number[] = [];
  for (let index = 0; index < values.length; index += 2) {
    halved.push(Math.max(values[index] ?? 0, values[index + 1] ?? 0));
  }
  return halved;
}
