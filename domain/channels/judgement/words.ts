/** Words long enough to tell what is spoken of, as they are counted. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];

const windowWords = 40;
const fewestInside = 160;
const fewestOutside = 20;

/**
 * Compares what is said somewhere with the words that a talk keeps coming back to: 1 where they are missing, -1 where
 * they are as frequent as in the talk itself, 0 where neither can be told.
 *
 * Little words are in all that is said, so what counts is how a text does beside the talk's own parts: every second part
 * gives the words, the others say how many of them are to be expected.
 */
export function createWordComparison(talk: readonly string[]): (other: readonly string[]) => -1 | 0 | 1 {
  const inside = talk.flatMap(wordsOf);
  const isOfWords = (index: number) => Math.floor(index / windowWords) % 2 === 0;
  const counts = new Map<string, number>();
  for (const word of inside.filter((_, index) => isOfWords(index))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const shareRepeated = (words: string[]) => words.filter((word) => (counts.get(word) ?? 0) >= 2).length / words.length;
  const expected = inside.length < fewestInside ? 0 : shareRepeated(inside.filter((_, index) => !isOfWords(index)));
  return (other) => {
    const words = other.flatMap(wordsOf);
    // A language that writes no spaces, or a talk that repeats nothing.
    if (expected < 0.1 || words.length < fewestOutside) return 0;
    const found = shareRepeated(words) / expected;
    if (found < 0.5) return 1;
    return found >= 0.85 ? -1 : 0;
  };
}
