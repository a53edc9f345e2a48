import { Packet } from "node-av/lib";
import { breathe, ChildFailure } from "../child-serve.ts";
import { openMedia } from "./decode.ts";

// Encoders pad the start and the end; what is this close to the limit is left to decoding, which counts samples.
const leewaySeconds = 1;

/**
 * Refuses what is too long before any of it is decoded, which for hours of silence in a small file takes minutes.
 * The durations of its packets are added up: what a header says of the whole is missing in some files, an estimate in
 * others, and wrong where a recorder was cut off. Packets can lie too, so decoding has the last word.
 */
export async function refuseTooLong(path: string, maxSeconds: number): Promise<void> {
  const { demuxer, stream } = await openMedia(path);
  const { num, den } = stream.timeBase;
  // One packet for all of them: `packetsSync` makes an object of each, which takes ten times as long.
  const packet = new Packet();
  packet.alloc();
  try {
    const format = demuxer.getFormatContext();
    let ticks = 0;
    for (let packets = 1; format.readFrameSync(packet) >= 0; packets += 1) {
      if (packet.streamIndex === stream.index) ticks += Math.max(0, Number(packet.duration));
      packet.unref();
      if (ticks * num > (maxSeconds + leewaySeconds) * den)
        throw new ChildFailure("too_long", `more than ${maxSeconds} s`);
      if (packets % 8192 === 0) await breathe();
    }
  } finally {
    packet.free();
    await demuxer.close();
  }
}
