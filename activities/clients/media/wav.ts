import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";

/** Rate of every speech WAV of this project, in samples a second. */
export const speechRate = 16_000;
const headerBytes = 44;
const blockBytes = 256 * 1024;

/** A 16-bit PCM WAV header. Sizes over 4 GB are written as the largest value, which readers take as "to the end". */
function wavHeader(channels: number, dataBytes: number, sampleRate: number = speechRate): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(Math.min(0xffffffff, 36 + dataBytes), 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(Math.min(0xffffffff, dataBytes), 40);
  return header;
}

/** A whole mono WAV in memory, of samples from -1 to 1. */
export function wavBytes(samples: Float32Array): Buffer {
  const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32767));
  return Buffer.concat([wavHeader(1, pcm.byteLength), new Uint8Array(pcm.buffer)]);
}

/**
 * A speech WAV being written: interleaved 16-bit samples in, sizes mended on `close`. Samples come by frames of some
 * milliseconds, and a write of each would take longer than decoding it, so they are put together.
 */
export async function createWavWriter(path: string, channels: number) {
  const file = await open(path, "w");
  await file.writeFile(wavHeader(channels, 0));
  const block = new Uint8Array(blockBytes);
  let filled = 0;
  let dataBytes = 0;
  const writeBlock = async () => {
    await file.writeFile(block.subarray(0, filled));
    filled = 0;
  };
  return {
    async write(samples: Int16Array) {
      dataBytes += samples.byteLength;
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      for (let from = 0; from < bytes.length;) {
        const part = bytes.subarray(from, from + blockBytes - filled);
        block.set(part, filled);
        filled += part.length;
        from += part.length;
        if (filled === blockBytes) await writeBlock();
      }
    },
    async close() {
      await writeBlock();
      await file.write(wavHeader(channels, dataBytes), 0, headerBytes, 0);
      await file.close();
    },
  };
}

export interface SpeechReader {
  channels: number;
  /** Length in seconds. */
  seconds: number;
  /** Samples (-1 to 1) of one channel, or of all of them added up where `channel` is left out. Times in seconds. */
  read(start: number, end: number, channel?: number): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens a speech WAV written by `createWavWriter`. */
export async function openSpeech(path: string): Promise<SpeechReader> {
  const file = await open(path, "r");
  const header = Buffer.alloc(headerBytes);
  await file.read(header, 0, headerBytes, 0);
  const channels = header.readUInt16LE(22);
  const rate = header.readUInt32LE(24);
  if (rate !== speechRate || channels < 1 || header.readUInt16LE(34) !== 16) {
    await file.close();
    throw new Error(`${path} is not a 16 kHz, 16-bit speech WAV`);
  }
  const frames = Math.floor(((await file.stat()).size - headerBytes) / (channels * 2));
  return {
    channels,
    seconds: frames / speechRate,
    async read(start, end, channel) {
      const first = Math.max(0, Math.round(start * speechRate));
      const count = Math.max(0, Math.min(frames, Math.round(end * speechRate)) - first);
      return toFloat(await readFrames(file, first, count, channels), count, channels, channel);
    },
    close: () => file.close(),
  };
}

async function readFrames(file: FileHandle, first: number, count: number, channels: number) {
  const bytes = new Uint8Array(count * channels * 2);
  await file.read(bytes, 0, bytes.length, headerBytes + first * channels * 2);
  return new Int16Array(bytes.buffer);
}

function toFloat(pcm: Int16Array, count: number, channels: number, channel: number | undefined) {
  const samples = new Float32Array(count);
  for (let index = 0; index < count; index += 1) {
    let sum = 0;
    if (channel !== undefined) sum = pcm[index * channels + channel] ?? 0;
    else for (let each = 0; each < channels; each += 1) sum += pcm[index * channels + each] ?? 0;
    samples[index] = Math.max(-1, Math.min(1, sum / 32768));
  }
  return samples;
}
