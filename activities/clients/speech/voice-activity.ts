import type { Stretch } from "#domain/pieces.ts";
import { yieldToEventLoop } from "../child-serve.ts";
import { speechRate } from "../media/wav.ts";
import type { SpeechReader } from "../media/wav.ts";
import { loadSherpa } from "./sherpa.ts";
import type { Vad } from "./sherpa.ts";

const windowSamples = 512;
const chunkSeconds = (windowSamples * 300) / speechRate;
const frameSeconds = 0.03;

/** A voice activity detector. One serves a whole process: each new one would keep its memory. */
export function createVad(
  model: string,
  { minSilence, minSpeech, maxSpeech }: { minSilence: number; minSpeech: number; maxSpeech: number },
): Vad {
  const { Vad } = loadSherpa();
  const sileroVad = {
    model,
    threshold: 0.5,
    minSilenceDuration: minSilence,
    minSpeechDuration: minSpeech,
    maxSpeechDuration: maxSpeech,
    windowSize: windowSamples,
  };
  return new Vad({ sileroVad, sampleRate: speechRate, numThreads: 1 }, 60);
}

/** Which part of a recording is listened to: one channel or all added up, from where, and about how much. */
interface Part {
  channel?: number;
  from?: number;
  seconds?: number;
}

/** Something heard: when it begins, and its samples. */
export interface Heard {
  start: number;
  samples: Float32Array;
}

// What a voice may have begun with before it is noticed.
const onsetSeconds = 1;

/**
 * Tells every stretch of speech of a part, in order. The part ends in silence, so that nobody is cut off: gives where
 * the next one begins, or null at the end of the recording. Reads in small chunks, so length costs no memory.
 */
export async function findSpeech(
  vad: Vad,
  speech: SpeechReader,
  { channel, from = 0, seconds = Infinity }: Part,
  tell: (heard: Heard) => void | Promise<void>,
): Promise<number | null> {
  vad.reset();
  let lastEnd = from;
  const drain = async () => {
    while (!vad.isEmpty()) {
      const { start, samples } = vad.front(false);
      vad.pop();
      lastEnd = from + (start + samples.length) / speechRate;
      await tell({ start: from + start / speechRate, samples });
    }
  };
  for (let at = from; at < speech.seconds; at += chunkSeconds) {
    const samples = await speech.read(at, at + chunkSeconds, channel);
    for (let first = 0; first + windowSamples <= samples.length; first += windowSamples) {
      vad.acceptWaveform(samples.subarray(first, first + windowSamples));
      const now = at + (first + windowSamples) / speechRate;
      if (now < from + seconds || vad.isDetected()) continue;
      await drain();
      return Math.max(lastEnd, now - onsetSeconds);
    }
    await drain();
    await yieldToEventLoop();
  }
  vad.flush();
  await drain();
  return null;
}

/** A stretch with the moments inside it where the voice is lowest: the places to cut if it must be cut. */
export function describeStretch({ start, samples }: { start: number; samples: Float32Array }): Stretch {
  const end = start + samples.length / speechRate;
  const size = Math.round(frameSeconds * speechRate);
  const loudness: number[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    let sum = 0;
    for (let index = from; index < from + size; index += 1) sum += (samples[index] ?? 0) ** 2;
    loudness.push(Math.sqrt(sum / size));
  }
  return { start, end, quiet: quietMoments(loudness).map((frame) => start + (frame + 0.5) * frameSeconds) };
}

// A dip counts when it is the lowest of its neighbourhood (a third of a second) and well under the stretch's level.
function quietMoments(loudness: number[]) {
  const level = loudness.reduce((sum, each) => sum + each, 0) / Math.max(1, loudness.length);
  const reach = 5;
  return loudness.flatMap((value, frame) => {
    if (value > level * 0.35) return [];
    const around = loudness.slice(Math.max(0, frame - reach), frame + reach + 1);
    return Math.min(...around) === value ? [frame] : [];
  });
}
