import type { Frame } from "node-av/lib";

// About -50 dBFS: sound that stays below it is silence.
export const audible = 100;

/** The 16-bit samples of a packed frame, which is freed. */
export function takeSamples(frame: Frame): Int16Array {
  const bytes = frame.data?.[0];
  const samples = new Int16Array(frame.nbSamples * frame.channels);
  if (bytes) new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  frame.free();
  return samples;
}
