import type { Frame, Stream } from "node-av/lib";
import { ChildFailure } from "../child-serve.ts";
import { decodeFrames } from "./decode.ts";
import type { OpenMedia } from "./decode.ts";
import { createTimeline } from "./timeline.ts";
import { createTrackMix, mixRate } from "./track-mix.ts";

/** The sound of some tracks as one stream of frames without gaps, whose clock starts at zero. */
export function createSound(media: OpenMedia, tracks: readonly Stream[], maxSeconds: number) {
  const timelines = tracks.map(() => createTimeline(media.startSeconds));
  const mix = tracks.length > 1 ? createTrackMix(tracks.map((track) => track.codecpar.channels)) : null;
  const [first] = tracks;
  let decodedSeconds = 0;

  async function* placed() {
    const decoded = tracks.map(() => 0);
    for await (const { track, frame } of decodeFrames(media.demuxer, tracks)) {
      const timeline = timelines[track];
      if (!timeline) continue;
      decoded[track] = (decoded[track] ?? 0) + frame.nbSamples / Math.max(1, frame.sampleRate);
      decodedSeconds = Math.max(...decoded);
      // Asked before the silence in front of a frame is made.
      if (Math.max(decodedSeconds, timeline.beginOf(frame)) > maxSeconds) {
        throw new ChildFailure("too_long", `more than ${maxSeconds} s`);
      }
      for (const each of timeline.place(frame)) yield { track, frame: each };
    }
  }
  return {
    rate: mix ? mixRate : (first?.codecpar.sampleRate ?? mixRate),
    channels: mix === null && first?.codecpar.channels === 2 ? (2 as const) : (1 as const),
    /** The caller frees each. */
    async *frames(): AsyncGenerator<Frame> {
      for await (const { track, frame } of placed()) {
        if (!mix) yield frame;
        else {
          yield* mix.write(track, frame);
          frame.free();
        }
      }
      if (mix) yield* mix.flush();
    },
    /** How much was decoded, in seconds, and where it ended. */
    decodedSeconds: () => decodedSeconds,
    endSeconds: () => Math.max(...timelines.map((timeline) => timeline.seconds())),
    /** Which of the tracks hold more than silence; unknown (null) of one that was not mixed. */
    heard: () => mix?.heard() ?? null,
  };
}
