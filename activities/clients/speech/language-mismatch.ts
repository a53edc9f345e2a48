import type { Piece } from "#domain/transcript.ts";

type Span = Pick<Piece, "start" | "end">;

/** Whether what is spoken is another language than the recogniser's. */
export type Foreign = "no" | "perhaps" | "yes";

// Measured on 131 clips of eleven other languages, of people and of a synthesiser: 91 % are beyond the first, 57 % beyond
// the second. Of 68 clips of English 8 and 1, seven of the 8 and that 1 among fifteen with loud noise added.
const perhapsBeyond = 0.6;
const surelyBeyond = 0.82;

// Shorter ones are cut too much by a tenth of a second; of longer ones the same few seconds say enough.
const shortest = 1.5;
const longest = 12;
const mostPieces = 4;
/** Of fewer words nothing can be told. */
const leastWords = 20;

/** Pieces to listen to twice, spread over the whole recording: a greeting or a name is no language. */
export function piecesToTry(pieces: Span[]): Span[] {
  const usable = pieces.filter(({ start, end }) => end - start >= shortest && end - start <= longest);
  const step = Math.max(1, usable.length / mostPieces);
  return Array.from(
    { length: Math.min(mostPieces, usable.length) },
    (_, index) => usable[Math.floor(index * step)],
  ).filter((piece) => piece !== undefined);
}

/**
 * How far several hearings of the same pieces differ from each other, word by word, from 0 to 1; null where too little
 * was said. What the recogniser knows it hears alike in every way it is cut; of another language it makes up English,
 * and something else each time.
 */
function disagreement(hearings: string[][]): number | null {
  let different = 0;
  let words = 0;
  for (const texts of hearings) {
    const heard = texts.map(wordsOf);
    for (const [index, one] of heard.entries())
      for (const other of heard.slice(index + 1)) {
        different += distance(one, other);
        words += Math.max(one.length, other.length);
      }
  }
  return words < leastWords ? null : different / words;
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** The least number of words to change, drop or add. */
function distance(one: string[], other: string[]): number {
  let row = other.map((_, index) => index + 1);
  for (const [index, word] of one.entries()) {
    const next: number[] = [];
    for (const [column, against] of other.entries()) {
      const left = column === 0 ? index + 1 : (next[column - 1] as number);
      const diagonal = column === 0 ? index : (row[column - 1] as number);
      next.push(Math.min(left + 1, (row[column] as number) + 1, diagonal + (word === against ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? one.length;
}

/** Judges by several hearings of each piece. */
export function foreignBy(hearings: string[][]): Foreign {
  const value = disagreement(hearings) ?? 0;
  if (value > surelyBeyond) return "yes";
  return value > perhapsBeyond ? "perhaps" : "no";
}
