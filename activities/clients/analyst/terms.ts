// Words so common that sharing them says nothing about two sentences.
const common = new Set(
  `a about above actually after again all also always am an and any anyone anything are around as ask at away back be
  because been before being below between bit both but by came can cannot come could course did do does doing done down
  each else even ever every everyone everything few for from get gets getting give go goes going gone good got had has
  have having he her here hers him his how i if in into is it its just keep kind know last least less let like little
  look lot made make makes many may maybe me mean might mine more most much must my need never next no not nothing now
  of off oh ok okay on once one ones only or other our ours out over own people perhaps place please point pretty put
  quite rather really right said same saw say says see seem set shall she should since so some someone something sort
  still stuff such sure take tell than thank thanks that the their them then there these they thing things think this
  those though through time to today together told too try two um uh under until up upon us use very want was way we
  well went were what when where whether which while who why will with without would yeah yes yet you your yours`.split(
    /\s+/,
  ),
);

const shortenings = /(?:n't|'(?:s|re|ve|ll|d|m))$/;

/** The words of a sentence, and the ones that carry meaning, cut to a common stem, once each. */
export function termsOf(text: string): { wordCount: number; terms: string[] } {
  const words =
    text
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}][\p{L}\p{N}']*/gu) ?? [];
  const telling = words
    .map((word) => word.replace(shortenings, ""))
    .filter((word) => word.length > 1 && !common.has(word));
  return { wordCount: words.length, terms: [...new Set(telling.map(stem))] };
}

// Enough to see that "launches", "launched" and "launching" are one word; it need not be right for grammar.
const stem = (word: string) =>
  word.length > 4 ? word.replace(/(?:ies|ied|y)$/, "i").replace(/(?:ing|edly|ed|es|s|e)$/, "") : word;
