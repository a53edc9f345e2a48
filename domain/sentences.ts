import type { Utterance } from "./transcript.ts";

// "Yes." alone is a poor line to read or to link to; it stays with its neighbour.
const shortestCharacters = 16;

/**
 * Cuts utterances into sentences, so that a line of the transcript is one thought that a summary can point at. The time
 * inside an utterance is shared out by length of text: people speak at a nearly even pace for the few seconds it lasts.
 */
export function bySentence(utterances: Utterance[]): Utterance[] {
  return utterances.flatMap((utterance) => {
    const sentences = sentencesOf(utterance.text);
    const characters = sentences.reduce((sum, sentence) => sum + sentence.length, 0);
    const secondsEach = (utterance.end - utterance.start) / Math.max(1, characters);
    let at = 0;
    return sentences.map((text) => {
      const start = utterance.start + at * secondsEach;
      at += text.length;
      return { ...utterance, text, start, end: utterance.start + at * secondsEach };
    });
  });
}

function sentencesOf(text: string): string[] {
  const found: string[] = [];
  for (const sentence of text.trim().split(/(?<=[.!?…]["'”’)]?)\s+(?=["'“‘(]?\p{Lu})/u)) {
    const last = found.at(-1);
    const joins = last !== undefined && (last.length < shortestCharacters || sentence.length < shortestCharacters);
    // An initial or a title ends no sentence: "Dr. Smith", "J. Doe".
    if (last !== undefined && (joins || /\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Prof)\.$/u.test(last))) {
      found[found.length - 1] = `${last} ${sentence}`;
    } else {
      found.push(sentence);
    }
  }
  return found;
}
