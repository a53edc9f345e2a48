import { Encoder, FilterAPI, Muxer } from "node-av/api";
import { FF_ENCODER_LIBMP3LAME } from "node-av/constants";
import type { Frame } from "node-av/lib";

const mp3Rates = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/**
 * Writes what people listen to: MP3 at a constant bit rate. Every browser build plays it (AAC is missing from some),
 * a constant rate makes seeking exact by byte range, and it is written in one go, without a second pass for an index.
 */
export async function createRendition(path: string, sourceRate: number, channels: 1 | 2) {
  const rate = mp3Rates.includes(sourceRate) ? sourceRate : 44_100;
  const layout = channels === 2 ? "stereo" : "mono";
  // Exactly what one MP3 frame takes: of larger frames the encoder's queue can keep some for itself.
  const frameSamples = rate >= 32_000 ? 1152 : 576;
  const filter = FilterAPI.create(
    `aresample=${rate}:async=1:first_pts=0,aformat=sample_fmts=s16p:channel_layouts=${layout},asetnsamples=n=${frameSamples}:p=0`,
  );
  const encoder = await Encoder.create(FF_ENCODER_LIBMP3LAME, {
    bitrate: channels === 2 ? "96k" : "64k",
    autoResample: true,
  });
  // Frame by frame quality differs little at this rate, time by a factor of two. Not as `options` of `create`: the
  // dictionary node-av 6.1.1 makes of them is freed by FFmpeg and again by the garbage collector, which ends the process.
  encoder["codecContext"].setOption("compression_level", 7);
  const muxer = await Muxer.open(path, { format: "mp3" });
  const track = muxer.addStream(encoder);

  const encode = (frame: Frame) => {
    for (const packet of encoder.encodeAllSync(frame)) {
      muxer.writePacketSync(packet, track);
      packet.free();
    }
    frame.free();
  };
  return {
    write(frame: Frame) {
      for (const out of filter.processAllSync(frame)) encode(out);
    },
    async close() {
      for (const out of filter.flushFramesSync()) encode(out);
      for (const packet of encoder.flushPacketsSync()) {
        muxer.writePacketSync(packet, track);
        packet.free();
      }
      await muxer.close();
      encoder.close();
      filter.close();
    },
  };
}
