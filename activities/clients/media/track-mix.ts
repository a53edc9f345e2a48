import { FilterAPI } from "node-av/api";
import { AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_S16 } from "node-av/constants";
import { Frame, Rational } from "node-av/lib";
import { createDownmix } from "./downmix.ts";
import { audible, takeSamples } from "./samples.ts";

/** Samples a second of mixed tracks. */
export const mixRate = 48_000;
// A container may write one track this far ahead of the others; a track that lags more has nothing there.
const mostLagFrames = mixRate * 10;
const pieceFrames = mixRate / 10;

/** Adds up the tracks of a file, each on its own clock, into frames of one channel. */
export function createTrackMix(channels: readonly number[]) {
  const tracks = channels.map((count) => createTrack(count === 2 ? 2 : 1));
  let sums = new Int32Array(mostLagFrames * 2);
  // Where in the recording `sums` begins.
  let from = 0;

  const add = (track: Track, samples: Int16Array) => {
    const at = track.end - from;
    track.isHeard ||= samples.some((sample) => sample > audible);
    if (at + samples.length > sums.length) {
      const larger = new Int32Array((at + samples.length) * 2);
      larger.set(sums);
      sums = larger;
    }
    for (let index = Math.max(0, -at); index < samples.length; index += 1) {
      sums[at + index] = (sums[at + index] ?? 0) + (samples[index] ?? 0);
    }
    track.end += samples.length;
  };
  const furthest = () => Math.max(...tracks.map((track) => track.end));
  function* take(until: number): Generator<Frame> {
    const held = furthest() - from;
    const taken = until - from;
    for (let at = 0; at < taken; at += pieceFrames) {
      yield toFrame(sums.subarray(at, Math.min(taken, at + pieceFrames)), from + at);
    }
    sums.copyWithin(0, taken, held);
    sums.fill(0, held - taken, held);
    from = until;
  }
  return {
    /** The frames that are complete with this one, which stays the caller's. */
    *write(index: number, frame: Frame): Generator<Frame> {
      const track = tracks[index];
      if (!track) return;
      for (const samples of track.read(frame)) add(track, samples);
      const slowest = Math.min(...tracks.map((each) => each.end));
      const ready = Math.max(slowest, furthest() - mostLagFrames);
      if (ready - from >= pieceFrames) yield* take(ready);
    },
    *flush(): Generator<Frame> {
      for (const track of tracks) for (const samples of track.rest()) add(track, samples);
      yield* take(furthest());
    },
    /** Which tracks hold more than silence. */
    heard: () => tracks.flatMap((track, index) => (track.isHeard ? [index] : [])),
  };
}

type Track = ReturnType<typeof createTrack>;

function createTrack(channels: 1 | 2) {
  const layout = channels === 2 ? "stereo" : "mono";
  const filter = FilterAPI.create(
    `aresample=${mixRate}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=${layout}`,
  );
  const downmix = channels === 2 ? createDownmix() : null;
  const toMono = (frame: Frame) => {
    const samples = takeSamples(frame);
    return downmix ? downmix.add(samples) : samples;
  };
  return {
    end: 0,
    isHeard: false,
    *read(frame: Frame) {
      for (const out of filter.processAllSync(frame)) yield toMono(out);
    },
    *rest() {
      for (const out of filter.flushFramesSync()) yield toMono(out);
      if (downmix) yield downmix.flush();
      filter.close();
    },
  };
}

function toFrame(sums: Int32Array, position: number) {
  const pcm = Int16Array.from(sums, (sum) => Math.max(-32_768, Math.min(32_767, sum)));
  return Frame.fromAudioBuffer(Buffer.from(pcm.buffer), {
    nbSamples: pcm.length,
    format: AV_SAMPLE_FMT_S16,
    sampleRate: mixRate,
    channelLayout: AV_CHANNEL_LAYOUT_MONO,
    pts: BigInt(position),
    timeBase: new Rational(1, mixRate),
  });
}
