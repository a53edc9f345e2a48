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

/** The same at 48 kHz and in stereo: six times the bytes for the same words. */
export async function studioSpeech(minutes: number): Promise<Buffer<ArrayBuffer>> {
  const narrow = await longSpeech(minutes);
  const samples = new Int16Array(
    narrow.buffer.slice(narrow.byteOffset + headerBytes, narrow.byteOffset + narrow.length),
  );
  const wide = new Int16Array(samples.length * 6);
  for (const [at, sample] of samples.entries()) wide.fill(sample, at * 6, at * 6 + 6);
  const file = Buffer.concat([narrow.subarray(0, headerBytes), Buffer.from(wide.buffer)]);
  // Channels, samples and bytes a second, bytes of a sample in all channels.
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(48_000, 24);
  file.writeUInt32LE(48_000 * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(file.length - headerBytes, 40);
  return file;
}
