const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .match(/[\p{L}\p{N}']+/gu) ?? [];

/** Of the words heard, how many have to be the agent's own, in its order. */
const share = 0.6;

/**
 * Whether what a microphone heard is the agent's own voice from the loudspeaker. Browsers' echo cancellation does not
 * reach speech synthesis everywhere, and an agent that answers itself never stops.
 */
export function isEcho(heard: string, spoken: string): boolean {
  const words = wordsOf(heard);
  if (words.length === 0) return true;
  return commonInOrder(words, wordsOf(spoken)) / words.length >= share;
}

/** Length of the longest common subsequence: words that both have, in the same order. */
function commonInOrder(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, () => 0);
  for (const word of one) {
    const next = [0];
    for (const [index, each] of other.entries()) {
      next.push(word === each ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
