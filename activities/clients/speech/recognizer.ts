import { speechRate } from "../media/wav.ts";
import { withoutLoop } from "./repetition.ts";
import { loadSherpa } from "./sherpa.ts";
import type { Recognizer } from "./sherpa.ts";
import type { SpeechWeights } from "./weights.ts";

/**
 * Moonshine in this process, which must be a child of its own. One decoding has one thread: the model is so small that a
 * second one mostly spins (155 s of speech took 6.6 s on two threads, 3.9 s on one, and 2.3 s two pieces at a time).
 */
export function openRecognizer(weights: SpeechWeights): Promise<Recognizer> {
  return loadSherpa().OfflineRecognizer.createAsync({
    featConfig: { sampleRate: speechRate, featureDim: 80 },
    modelConfig: {
      moonshine: { encoder: weights.encoder, mergedDecoder: weights.decoder },
      tokens: weights.tokens,
      numThreads: 1,
      provider: "cpu",
    },
  });
}

/** The words of one stretch of speech: one channel, 16 kHz, -1 to 1. */
export async function recogniseSpeech(recognizer: Recognizer, samples: Float32Array): Promise<string> {
  const stream = recognizer.createStream();
  stream.acceptWaveform({ sampleRate: speechRate, samples });
  const { text } = await recognizer.decodeAsync(stream);
  return withoutLoop(text.trim());
}
