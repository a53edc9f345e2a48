const leastWords = 3;
const leastTimes = 4;

/**
 * The text without the end in which the recogniser repeats itself. Moonshine falls into such a loop where sound ends in
 * the middle of a word, and goes on until its limit of tokens for the sound's length cuts it
 * (https://github.com/moonshine-ai/moonshine/issues/83, 89). People don't say the same three words four times over.
 */
export function withoutLoop(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  for (let length = leastWords; length * leastTimes <= words.length; length += 1) {
    let from = words.length - 1;
    while (from >= length && words[from] === words[from - length]) from -= 1;
    // Up to here each word is that which stood `length` words before it; the first round is what was said.
    const repeated = words.length - 1 - from;
    if (repeated >= length * (leastTimes - 1)) return words.slice(0, from + 1).join(" ");
  }
  return text;
}
