import type { Stretch } from "#domain/pieces.ts";
import { breathe } from "../child-serve.ts";
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

/** Stretches of speech in order, one channel or all added up. Reads in small chunks, so length costs no memory. */
export async function* findSpeech(
  vad: Vad,
  speech: SpeechReader,
  channel?: number,
): AsyncGenerator<{ start: number; samples: Float32Array }> {
  vad.reset();
  for (let at = 0; at < speech.seconds; at += chunkSeconds) {
    const samples = await speech.read(at, at + chunkSeconds, channel);
    for (let from = 0; from + windowSamples <= samples.length; from += windowSamples) {
      vad.acceptWaveform(samples.subarray(from, from + windowSamples));
    }
    yield* drain(vad);
    await breathe();
  }
  vad.flush();
  yield* drain(vad);
}

function* drain(vad: Vad) {
  while (!vad.isEmpty()) {
    const { start, samples } = vad.front(false);
    vad.pop();
    yield { start: start / speechRate, samples };
  }
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
