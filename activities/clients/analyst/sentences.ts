import winkNLP from "wink-nlp";
import model from "wink-eng-lite-web-model";
import type { AnalysisRequest } from "#domain/analysis.ts";
import { termsOf } from "./terms.ts";

/** A verbatim stretch of one segment. `terms` are the stems of its words that carry meaning. */
export interface Sentence {
  text: string;
  terms: string[];
  wordCount: number;
  segmentId: string;
  speaker: string;
}

const maxSentenceLength = 400;
const nlp = winkNLP(model, ["sbd"]);

/** The sentences of segments, in order of time. */
export const sentencesOf = (segments: AnalysisRequest["segments"]): Sentence[] =>
  segments.flatMap(({ id, speaker, text }) =>
    nlp
      .readDoc(text)
      .sentences()
      .out()
      .flatMap((sentence) => piecesOf(sentence.trim()))
      // The reader may respell what it read; only what stands in the segment is a quote.
      .filter((piece) => piece !== "" && text.includes(piece))
      .map((piece) => ({ text: piece, ...termsOf(piece), segmentId: id, speaker })),
  );

// Recognisers that write no full stops give sentences without end; those are cut at commas, else at spaces.
function piecesOf(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > maxSentenceLength) {
    const head = rest.slice(0, maxSentenceLength);
    const comma = head.lastIndexOf(", ");
    const cut = comma > maxSentenceLength / 2 ? comma + 1 : head.lastIndexOf(" ");
    const end = cut > 0 ? cut : maxSentenceLength;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...pieces, rest];
}
