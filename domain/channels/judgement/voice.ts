/** Where somebody speaks, by its sound alone, in seconds of the file. */
export interface Voice {
  start: number;
  end: number;
}

const inside = (voice: readonly Voice[], { start, end }: Voice) =>
  voice.filter((each) => each.end > start && each.start < end);

/**
 * A stretch of words without the silence at its ends, into which a recogniser's times often reach. Where nothing was heard
 * in it, it stays: whoever listens for voices misses some.
 */
export function trimToVoice<Words extends Voice>(words: Words, voice: readonly Voice[]): Words {
  const heard = inside(voice, words);
  const [first, last] = [heard[0], heard.at(-1)];
  if (first === undefined || last === undefined) return words;
  return { ...words, start: Math.max(words.start, first.start), end: Math.min(words.end, last.end) };
}

/** How long somebody speaks in a stretch of the file. */
export const secondsOfVoice = (voice: readonly Voice[], stretch: Voice): number =>
  inside(voice, stretch).reduce(
    (sum, { start, end }) => sum + Math.min(end, stretch.end) - Math.max(start, stretch.start),
    0,
  );

/** The same without gaps of less than so many seconds, which nobody could see in a waveform. */
export function joinVoice(voice: readonly Voice[], gapSeconds: number): Voice[] {
  const joined: Voice[] = [];
  for (const { start, end } of voice) {
    const last = joined.at(-1);
    if (last !== undefined && start - last.end < gapSeconds) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}
