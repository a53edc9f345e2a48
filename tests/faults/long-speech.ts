import { readFile } from "node:fs/promises";

const headerBytes = 44;

/** Clear read English of about this many minutes: the one-voice fixture again and again, as a WAV. */
export async function longSpeech(minutes: number): Promise<Buffer<ArrayBuffer>> {
  const clip = await readFile(new URL("../fixtures/two-cities.wav", import.meta.url));
  const samples = clip.subarray(headerBytes);
  const bytesPerMinute = 16_000 * 2 * 60;
  const times = Math.max(1, Math.round((minutes * bytesPerMinute) / samples.length));
  const file = Buffer.concat([clip.subarray(0, headerBytes), ...Array.from({ length: times }, () => samples)]);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(file.length - headerBytes, 40);
  return file;
}
