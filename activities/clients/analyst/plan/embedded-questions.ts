import { plain } from "./embedded-answers.ts";
import { rootsOf } from "./embedded-roots.ts";

/** Courtesies: an answer to them is no answer to what stands beside them. */
const smallTalk =
  /\bhow (?:are|were|is|was) (?:you|your (?:day|weekend|week|evening|morning|holiday))\b|\bhear me\b|\b(?:ready|shall we|should we|can we|happy to) (?:to )?(?:start|begin|go on|continue|go)\b|\bready\b\s*\?|\banything else\b|\bmake(?:s)? sense\b|\bany (?:other )?questions\b|\bis that (?:ok|okay|clear|all right|alright|fine)\b|\b(?:what|where) (?:brings you|do you want to (?:begin|start))\b/i;
const requests =
  /\b(?:tell me|describe|walk me through|talk me through|explain|let's|let us|please|give me|name|state|share|show me|try|i(?:'d| would) (?:like|love) to (?:hear|know|understand)|i(?:'m| am) curious|i wonder|next(?! time| week| month))\b/i;
// Where speech was written down without marks, the words alone show a question.
const unmarked =
  /^(?:\w+ ){0,2}(?:what|which|who|how|why|when|where|do|does|did|are|is|have|can|could|would|will) |\b(?:do|are|have|can|could|would|did|will) you\b/i;
// What is announced, or was done before, is not what is asked now.
const agenda =
  /\b(?:next time|next week|later|afterwards|today we|we(?:'ll| will)|we(?:'ve| have)? (?:\w+ )?(?:covered|talked|discussed|spoke)|first i|before (?:that|we))\b/i;

/** People ask at the end of what they say. */
const longestQuestion = 2000;

const isAsking = (sentence: string) =>
  sentence.endsWith("?") || requests.test(sentence) || (!/[.!…]$/.test(sentence) && unmarked.test(sentence));

/** What an agent asks for: its last questions and requests, with the sentence that leads to them. Empty where it tells. */
export function questionIn(text: string): string {
  const sentences = plain(text.slice(-longestQuestion)).split(/(?<=[.!?…:]) /);
  const last = sentences.findLastIndex(isAsking);
  const asked = sentences[last] ?? "";
  if (last < 0 || smallTalk.test(asked)) return asked;
  const lead = sentences.slice(Math.max(0, last - 1), last).filter((sentence) => !agenda.test(sentence));
  const earlier = sentences.slice(0, Math.max(0, last - 1)).filter((each) => isAsking(each) && !agenda.test(each));
  return [...earlier.slice(-2), ...lead, asked].join(" ");
}

const encouraging = rootsOf(
  `time hurry rush detail example elaborate specific roughly rough guess fine think sure great okay continue listen
  listening mean wonderful interesting understand nice lovely good perfect thank matter matters whatever course problem
  happy hear feel free explain describe word exactly bit little important`,
);

/** A word that only keeps somebody talking: an agent that says no others has not changed the subject. */
export const isEncouraging = (root: string) => encouraging.has(root);
