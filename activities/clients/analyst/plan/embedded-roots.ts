import winkNLP from "wink-nlp";
import type { ItsFunction } from "wink-nlp";
import model from "wink-eng-lite-web-model";
import { termsOf } from "../terms.ts";

const nlp = winkNLP(model, ["pos"]);
// Their declared arguments do not fit the package's own declaration of what `out` takes.
const lemma = nlp.its.lemma as unknown as ItsFunction<string>;
const stem = nlp.its.stem as unknown as ItsFunction<string>;
const mostKept = 200_000;
const kept = new Map<string, string>();

/** The roots of the words that carry meaning, once each: "spent" and "spending" are one, "we" and "do" are none. */
export function rootsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}'’]*/gu) ?? [];
  return new Set(words.map(rootOf).filter((root) => root !== ""));
}

// People use few different words however long they talk, so each is looked into once.
function rootOf(word: string): string {
  const known = kept.get(word);
  if (known !== undefined) return known;
  if (kept.size >= mostKept) kept.clear();
  const root = findRoot(word);
  kept.set(word, root);
  return root;
}

function findRoot(word: string): string {
  if (termsOf(word).terms.length === 0) return "";
  const plain = word.replace(/['’].*$/, "");
  // The stemmer takes digits for letters.
  if (/\p{N}/u.test(plain)) return plain;
  return firstToken(firstToken(plain, lemma), stem);
}

const firstToken = (word: string, as: ItsFunction<string>) => nlp.readDoc(word).tokens().out(as)[0] ?? word;

/** Whether two roots are of one family, as of "introduce" and "introduction", "decide" and "decision". */
export function shareStem(a: string, b: string): boolean {
  if (a === b || bare(a) === bare(b)) return true;
  const longer = Math.max(a.length, b.length);
  let common = 0;
  while (common < longer && a[common] === b[common]) common += 1;
  return common >= 5 && common >= longer * 0.75;
}

function bare(root: string): string {
  const plain = root.replace(/e$/, "");
  const cut = plain.replace(/[dst]+$/, "");
  return cut.length >= 4 ? cut : plain;
}
