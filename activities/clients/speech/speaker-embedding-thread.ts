import { parentPort } from "node:worker_threads";
import { speechRate } from "../media/wav.ts";
import { normalise } from "./speaker-clustering.ts";
import { speakerModel } from "./models.ts";
import { loadSherpa } from "./sherpa.ts";
import type { VoiceAnswer, VoiceQuestion } from "./speaker-embedding-threads.ts";

// The extractor needs half a second; shorter speech is repeated to that length.
const leastSeconds = 0.5;

const extractor = new (loadSherpa().SpeakerEmbeddingExtractor)({ model: speakerModel, numThreads: 1, provider: "cpu" });

function voiceOf(samples: Float32Array) {
  const stream = extractor.createStream();
  stream.acceptWaveform({ sampleRate: speechRate, samples: repeatTo(samples, leastSeconds * speechRate) });
  stream.inputFinished();
  return normalise(extractor.compute(stream, false));
}

function repeatTo(samples: Float32Array, length: number) {
  if (samples.length >= length || samples.length === 0) return samples;
  return Float32Array.from({ length }, (_, index) => samples[index % samples.length] as number);
}

parentPort?.on("message", ({ id, samples }: VoiceQuestion) => {
  parentPort?.postMessage({ id, voice: voiceOf(samples) } satisfies VoiceAnswer, []);
});
