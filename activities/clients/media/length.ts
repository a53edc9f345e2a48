import { AVDISCARD_DEFAULT } from "node-av/constants";
import { Packet } from "node-av/lib";
import type { Stream } from "node-av/lib";
import { yieldToEventLoop, ChildFailure } from "../child-serve.ts";
import { haveLengths } from "./declared-length.ts";
import { openMedia } from "./decode.ts";

// Encoders pad the start and the end; what is this close to the limit is left to decoding, which counts samples.
const leewaySeconds = 1;

/**
 * Refuses what is too long before any of it is decoded, which for hours of silence in a small file takes minutes.
 * The durations of its packets are added up: what a header says of the whole is missing in some files, an estimate in
 * others, and wrong where a recorder was cut off. Packets can lie too, so decoding has the last word.
 * Answers where the last packet ends, of sound or of pictures where those may be what the header speaks of.
 */
export async function refuseTooLong(path: string, maxSeconds: number): Promise<number> {
  const { demuxer, tracks, startSeconds } = await openMedia(path);
  if (!haveLengths(tracks)) for (const stream of demuxer.streams) stream.discard = AVDISCARD_DEFAULT;
  const clocks = new Map(demuxer.streams.map((stream) => [stream.index, createClock(stream)]));
  const sound = new Set(tracks.map((track) => track.index));
  // One packet for all of them: `packetsSync` makes an object of each, which takes ten times as long.
  const packet = new Packet();
  packet.alloc();
  try {
    const format = demuxer.getFormatContext();
    for (let packets = 1; format.readFrameSync(packet) >= 0; packets += 1) {
      const clock = clocks.get(packet.streamIndex);
      const seconds = clock?.add(packet) ?? 0;
      if (sound.has(packet.streamIndex) && seconds > maxSeconds + leewaySeconds)
        throw new ChildFailure("too_long", `more than ${maxSeconds} s`);
      packet.unref();
      if (packets % 8192 === 0) await yieldToEventLoop();
    }
    return Math.max(...[...clocks.values()].map((clock) => clock.end())) - startSeconds;
  } finally {
    packet.free();
    await demuxer.close();
  }
}

function createClock({ timeBase: { num, den } }: Stream) {
  let ticks = 0;
  let last = 0n;
  return {
    /** How long all its packets are together, in seconds. */
    add({ pts, duration }: Packet) {
      const length = duration > 0n ? duration : 0n;
      ticks += Number(length);
      if (pts + length > last) last = pts + length;
      return (ticks * num) / den;
    },
    end: () => (Number(last) * num) / den,
  };
}
