import { createRequire } from "node:module";

/** The parts of `sherpa-onnx-node` used here; the package has no types of its own. */
export interface Vad {
  acceptWaveform(samples: Float32Array): void;
  isEmpty(): boolean;
  /** Whether somebody is speaking at the end of what came in. */
  isDetected(): boolean;
  /** `false` copies the samples; external buffers are not allowed in every Node. `start` counts samples. */
  front(external: false): { start: number; samples: Float32Array };
  pop(): void;
  reset(): void;
  flush(): void;
}

interface AudioStream {
  acceptWaveform(audio: { sampleRate: number; samples: Float32Array }): void;
}

export interface Recognizer {
  createStream(): AudioStream;
  /** Works on a thread of its own, so the process keeps answering. */
  decodeAsync(stream: AudioStream): Promise<{ text: string }>;
}

interface EmbeddingExtractor {
  createStream(): AudioStream & { inputFinished(): void };
  compute(stream: AudioStream, external: false): Float32Array;
}

interface Sherpa {
  Vad: new (config: object, bufferSeconds: number) => Vad;
  OfflineRecognizer: { createAsync(config: object): Promise<Recognizer> };
  SpeakerEmbeddingExtractor: new (config: object) => EmbeddingExtractor;
}

/** Loads the native library. Only child processes may: a crash in it ends the process. */
export const loadSherpa = () => createRequire(import.meta.url)("sherpa-onnx-node") as Sherpa;
