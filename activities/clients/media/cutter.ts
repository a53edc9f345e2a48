import type { EditPart } from "#domain/channels/judgement/edit-plan.ts";

interface Sound {
  rate: number;
  channels: number;
}

// What the end of a source may lack of what it was said to hold, in seconds: filled up with silence.
const mostMissing = 1;

/**
 * Cuts interleaved samples by an edit plan. Sources are given one after another, each from its begin; what comes out are
 * the episode's samples in order, with neighbours faded into each other.
 */
export function createCutter(parts: readonly EditPart[], { rate, channels }: Sound) {
  const framesAt = (ms: number) => Math.round((ms * rate) / 1000);
  const planned = parts.map((part, index) => ({
    source: part.source,
    from: framesAt(part.fromMs),
    frames: framesAt(part.toMs) - framesAt(part.fromMs),
    fadeIn: framesAt(part.crossfadeMs),
    fadeOut: framesAt(parts[index + 1]?.crossfadeMs ?? 0),
  }));
  let current = 0;
  /** Of the present source, and of the present part. */
  let position = 0;
  let done = 0;
  // The end of the part before, which is faded out; and that of this part, as far as it was given.
  let before = new Int16Array(0);
  let held = new Int16Array(0);

  function* into(samples: Int16Array): Generator<Int16Array> {
    const part = planned[current];
    if (part === undefined) return;
    let rest = samples;
    const take = (frames: number) => {
      const taken = rest.subarray(0, frames * channels);
      rest = rest.subarray(frames * channels);
      done += frames;
      return taken;
    };
    const left = () => rest.length / channels;
    if (done < part.fadeIn && left() > 0) {
      const at = done;
      yield fade(take(Math.min(left(), part.fadeIn - done)), before, { at, frames: part.fadeIn, channels });
    }
    const plainUntil = part.frames - part.fadeOut;
    if (done < plainUntil && left() > 0) yield take(Math.min(left(), plainUntil - done));
    if (left() > 0) {
      if (held.length === 0) held = new Int16Array(part.fadeOut * channels);
      const at = done - plainUntil;
      held.set(take(left()), at * channels);
    }
    if (done < part.frames) return;
    before = held;
    held = new Int16Array(0);
    done = 0;
    current += 1;
  }

  return {
    /** The next samples of this source; parts of others wait for theirs. */
    *add(source: EditPart["source"], samples: Int16Array): Generator<Int16Array> {
      const end = position + samples.length / channels;
      for (;;) {
        const part = planned[current];
        if (part === undefined || part.source !== source) break;
        const from = Math.max(position, part.from + done);
        const to = Math.min(end, part.from + part.frames);
        if (to > from) yield* into(samples.subarray((from - position) * channels, (to - position) * channels));
        if (part === planned[current]) break;
      }
      position = end;
    },
    /** Ends a source, and what is still expected of it. */
    *end(source: EditPart["source"]): Generator<Int16Array> {
      for (let part = planned[current]; part?.source === source; part = planned[current]) {
        const missing = Math.max(1, part.frames - done);
        yield* into(new Int16Array(Math.min(missing, rate * mostMissing) * channels));
        if (part !== planned[current]) continue;
        current += 1;
        done = 0;
        before = new Int16Array(0);
        held = new Int16Array(0);
      }
      position = 0;
    },
  };
}

function fade(
  coming: Int16Array,
  going: Int16Array,
  { at, frames, channels }: { at: number; frames: number; channels: number },
): Int16Array {
  return coming.map((sample, index) => {
    const share = (at + Math.floor(index / channels) + 0.5) / frames;
    return Math.round(sample * share + (going[at * channels + index] ?? 0) * (1 - share));
  });
}
