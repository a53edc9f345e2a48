import { AV_SAMPLE_FMT_U8, AV_SAMPLE_FMT_U8P } from "node-av/constants";
import { Frame, Rational } from "node-av/lib";

// Shorter gaps are rounding of the container's clock, which the resampler evens out.
const leastGapSeconds = 0.1;

/**
 * Puts the frames of one track on a clock that starts where the container's does, and fills what is missing between
 * them (sound that starts late, pauses of a recorder) with silence. In pieces of a second: a resampler that is left to
 * fill an hour takes the memory of that hour at once.
 */
export function createTimeline(startSeconds: number) {
  let end = 0;
  return {
    /** Where the last frame ends, in seconds. */
    seconds: () => end,
    /** How far the silence before a frame would reach; a caller with a limit asks before it is made. */
    beginOf: (frame: Frame) => seconds(frame) - startSeconds,
    /** The frame itself comes last, and is moved; those before it are silence. The caller frees them all. */
    *place(frame: Frame): Generator<Frame> {
      const rate = Math.max(1, frame.sampleRate);
      const begin = seconds(frame) - startSeconds;
      while (begin - end > leastGapSeconds) {
        const samples = Math.max(1, Math.round(Math.min(1, begin - end) * rate));
        yield at(silenceLike(frame, samples), end);
        end += samples / rate;
      }
      end = Math.max(end, begin + frame.nbSamples / rate);
      yield at(frame, begin);
    },
  };
}

function seconds(frame: Frame) {
  const { num, den } = frame.timeBase;
  return (Number(frame.pts) * num) / Math.max(1, den);
}

function at(frame: Frame, position: number) {
  frame.timeBase = new Rational(1, Math.max(1, frame.sampleRate));
  frame.pts = BigInt(Math.round(position * frame.sampleRate));
  return frame;
}

function silenceLike(frame: Frame, samples: number) {
  const silence = new Frame();
  silence.alloc();
  silence.format = frame.format;
  silence.sampleRate = frame.sampleRate;
  silence.channelLayout = frame.channelLayout;
  silence.nbSamples = samples;
  silence.getBuffer();
  silence.duration = BigInt(samples);
  const unsigned = frame.format === AV_SAMPLE_FMT_U8 || frame.format === AV_SAMPLE_FMT_U8P;
  for (const plane of silence.extendedData ?? silence.data ?? []) plane.fill(unsigned ? 0x80 : 0);
  return silence;
}
