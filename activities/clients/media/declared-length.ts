import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { AV_NOPTS_VALUE } from "node-av/constants";
import type { Stream } from "node-av/lib";

// Containers that say their length in numbers. Of all others the decoder makes it up of bit rate and size.
const telling = new Set(
  "mp4 m4a m4b m4p m4v f4a f4b f4v f4p mov 3gp 3g2 mkv webm flac aif caf au asf avi flv wv ape".split(" "),
);
// What recorders write that do not know the length yet: the largest numbers, or nearly.
const placeholder = 0x7fff_0000;

interface Told {
  container: string;
  tracks: readonly Stream[];
  startSeconds: number;
  claimedSeconds: number;
}

/** Where a file's own header says that its sound ends, in seconds; null where it says nothing that counts. */
export async function claimedEnd(path: string, told: Told): Promise<number | null> {
  if (told.container === "wav") return await ofWav(path);
  if (told.container === "mp3" && !(await hasFrameCount(path))) return null;
  if (told.container !== "mp3" && !telling.has(told.container)) return null;
  // A picture may go on after the sound: where each track has its own length, the sound's counts.
  const ends = told.tracks.map((track) => endOf(track, told.startSeconds));
  const known = ends.filter((end) => end !== null);
  if (known.length > 0) return Math.max(...known);
  // Of a clock that does not begin at zero, some write the time at the end and some the length.
  return Math.max(0, told.claimedSeconds - told.startSeconds) || null;
}

/** Whether the container tells the length of each of these tracks, and not just of the whole. */
export const haveLengths = (tracks: readonly Stream[]) => tracks.every((track) => endOf(track, 0) !== null);

function endOf({ startTime, duration, timeBase }: Stream, startSeconds: number) {
  if (duration === AV_NOPTS_VALUE || duration <= 0n) return null;
  const start = startTime === AV_NOPTS_VALUE ? startSeconds : (Number(startTime) * timeBase.num) / timeBase.den;
  return start - startSeconds + (Number(duration) * timeBase.num) / timeBase.den;
}

/** An MP3's first frame may hold the number of frames; without it its length is an estimate. */
async function hasFrameCount(path: string) {
  await using file = await open(path, "r");
  const tag = await read(file, 0, 10);
  const size = tag.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  const begin = tag.toString("latin1", 0, 3) === "ID3" ? size + 10 : 0;
  return /Xing|Info|VBRI/.test((await read(file, begin, 2048)).toString("latin1"));
}

/** FFmpeg trusts the size of the file where a WAV claims more: the claim itself tells that something is missing. */
async function ofWav(path: string) {
  await using file = await open(path, "r");
  let bytesPerSecond = 0;
  let longSize = 0;
  for (let at = 12, chunks = 0; chunks < 100; chunks += 1) {
    const chunk = await read(file, at, 32);
    if (chunk.length < 8) return null;
    const name = chunk.toString("latin1", 0, 4);
    const size = chunk.readUInt32LE(4);
    if (name === "ds64" && chunk.length >= 24) longSize = Number(chunk.readBigUInt64LE(16));
    if (name === "fmt " && chunk.length >= 24 && isPlain(chunk.readUInt16LE(8))) {
      bytesPerSecond = chunk.readUInt32LE(12) * chunk.readUInt16LE(20);
    }
    if (name === "data") {
      const data = size === 0xffff_ffff ? longSize : size;
      const isSaid = data > 0 && (data < placeholder || data === longSize);
      return isSaid && bytesPerSecond > 0 ? data / bytesPerSecond : null;
    }
    at += 8 + size + (size % 2);
  }
  return null;
}

// Of samples of one size each: PCM, floats, A-law and mu-law, and the extended form of these.
const isPlain = (format: number) => [1, 3, 6, 7, 0xfffe].includes(format);

async function read(file: FileHandle, at: number, length: number) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  return buffer.subarray(0, bytesRead);
}
