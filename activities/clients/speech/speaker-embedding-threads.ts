import { Worker } from "node:worker_threads";

export interface VoiceQuestion {
  id: number;
  /** One channel at 16 kHz, -1 to 1. */
  samples: Float32Array<ArrayBuffer>;
}

export interface VoiceAnswer {
  id: number;
  /** The voice's embedding, normalised. */
  voice: Float32Array;
}

/**
 * Starts threads that tell voices, each with a model of its own: one inference on two processors takes as long as on one.
 * For child processes only; an error in a thread ends the process.
 */
export function startVoiceThreads(count: number) {
  const waiting = new Map<number, (voice: Float32Array) => void>();
  const threads = Array.from({ length: count }, () => {
    const thread = new Worker(new URL("./speaker-embedding-thread.ts", import.meta.url));
    thread.on("message", ({ id, voice }: VoiceAnswer) => {
      waiting.get(id)?.(voice);
      waiting.delete(id);
    });
    return thread;
  });
  let lastId = 0;
  return {
    /** Windows are about equally long, so the threads take them in turn. Takes the samples over. */
    voiceOf(samples: Float32Array<ArrayBuffer>): Promise<Float32Array> {
      const id = (lastId += 1);
      const answer = new Promise<Float32Array>((resolve) => waiting.set(id, resolve));
      threads[id % threads.length]?.postMessage({ id, samples } satisfies VoiceQuestion, [samples.buffer]);
      return answer;
    },
  };
}
