import { rootsOf } from "./plan-embedded-roots.ts";

// A refusal, a put-off or a request takes its whole sentence with it: what follows only gives reasons.
const refusals = [
  /\b(?:rather|prefer|like|want|going|ready|willing|comfortable)(?: \w+)? not\b|\brather not\b|\bprefer not\b/i,
  /\b(?:do not|don't|dont|didn't|won't|will not|not going to|not comfortable)(?: \w+)? (?:want to|wish to|like to|care to|feel like|comfortable)? ?(?:talk|talking|speak|say|saying|answer|answering|discuss|discussing|share|sharing|tell|telling|go into|get into|comment)\b/i,
  /\b(?:let's|let us|can we|could we|can you|could you|shall we|please|want to|like to|i'll|i will|we'll)(?: \w+)? (?:skip|pass|move on|change the subject|stop|leave (?:it|that)|talk about something)\b|^(?:please )?(?:skip|pass|stop|next)\b/i,
  /\bskip (?:this|that|it|the) ?(?:one|question|topic|part)?\b|\b(?:next|another|different) (?:question|topic)\b/i,
  /\b(?:another|other|next) time\b|\b(?:can|could|must|has to|have to|will) wait\b|\bnot (?:now|today|yet)\b/i,
  /\b(?:let's|we'll|we can|we will|i'll|come back|talk|do (?:it|that))\b.*\b(?:later|tomorrow|next week)\b/i,
  /\b(?:none of your|not your) business\b|\b(?:too|quite|very|rather|really|a bit) (?:private|personal)\b/i,
];

// Not understood, so asked again: the subject stays open.
const asides = [
  /\b(?:repeat|say|rephrase|ask) (?:that|it|this|the question|the last)\b.*\b(?:again|please|differently)?|\bdid(?:n't| not) (?:hear|catch|get|understand) (?:you|that|it|the)\b|\bwhat do you mean\b/i,
];

// Talk about the talk: orders to whoever reads along, and claims that a goal is done.
const orders = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.*\b(?:instructions?|rules?|prompts?|above|everything|guidelines)\b/i,
  /\b(?:mark|set|count|treat|consider|regard|record|report|flag|log|tick)\b.*\b(?:complete|completed|covered|done|finished|true)\b/i,
  /\b(?:goals?|sessions?|objectives?|topics?|items?|plan|agenda|everything|status|all of (?:it|them))\b.*\b(?:complete|completed|covered|done|finished|accomplished)\b/i,
  /\b(?:system|developer|admin|debug|jailbreak) (?:mode|prompt|message|override)\b|^\W*(?:system|assistant|developer)\s*:/i,
  /\b(?:finish|complete|end|close) (?:this|the|all|every) (?:session|goal|plan|meeting)s?\b/i,
  /["'“”]\s*:\s*|[{}<>]|\bsegment[_ ]?ids?\b/i,
  /\b(?:as|i am|i'm) (?:an? |the |your )?(?:admin|administrator|developer|operator)\b|\bfrom the (?:developers?|administrators?|operators?)\b|\bnew instructions?\b/i,
];

const questions =
  /\?\s*$|^(?:(?:sorry|and|but|so|well|ok|okay|hm+|um+|uh)[, ]+)*(?:(?:can|could|would|will|do|does|did|are) (?:you|we|it|that|the)\b|(?:what|which|how|why|when|where) (?:do|does|did|is|are|was|can|should) (?:you|it|that|the|this|i|we)\b)/i;

// Of these only the phrase, or the part of the sentence up to the next comma, says nothing.
const phrases =
  /\b(?:i )?(?:really |honestly |actually |just )?(?:do not|don't|dont|didn't|wouldn't|cannot|can't) (?:really |actually |quite |even )?(?:know|remember|recall|say|tell)\b|\b(?:have|has|had)(?:n't| not| never)(?: really| ever| yet)? (?:thought|looked|considered|decided|checked)\b|\b(?:no|not any|any) idea\b|\bnot (?:so |really |quite |entirely |too )?(?:sure|certain)\b|\blet me (?:think|see)\b|\b(?:good|great|hard|difficult|nice) question\b|\bto be (?:quite )?honest\b|\bhonestly\b/gi;
const courtesies =
  /\bthank(?:s| you)\b(?! to)|\b(?:good)?bye\b|\bsee you\b|\b(?:nice|good|great|lovely) to (?:meet|talk|see|hear)\b|\bhave a (?:nice|good|great|lovely)\b|\bhear you\b|\b(?:connection|microphone|headphones|headset)\b|\b(?:that|this|it|you) (?:\w+ )?(?:was|were|is|makes?|explained?)(?: \w+)? (?:\w+ )?(?:helpful|sense|clear|clearly|well)\b|^(?:i'm |i am )?(?:fine|good|great|very well)$/i;

/**
 * What of somebody's words may answer a question: without refusals, put-offs, questions back, courtesies and orders.
 * Where it errs, it leaves out an answer; a goal is then asked about once more.
 */
export function answerIn(text: string): { text: string; isRefusal: boolean } {
  const clauses = text
    .replaceAll("’", "'")
    .split(/(?<=[.!?…])\s+|,?\s+\b(?:but|however|although|though)\b,?\s+/i)
    .map((clause) => clause.trim());
  const isRefusal = clauses.some((clause) => refusals.some((pattern) => pattern.test(clause)));
  const telling = clauses.filter(
    (clause) => !questions.test(clause) && ![...refusals, ...asides, ...orders].some((pattern) => pattern.test(clause)),
  );
  const parts = telling.flatMap((clause) => clause.split(/,\s+/)).filter((part) => !courtesies.test(part));
  return { text: parts.map((part) => part.replace(phrases, " ")).join(", "), isRefusal };
}

/** Words that only keep somebody talking: an agent that says nothing else has not changed the subject. */
const encouraging = rootsOf(
  `time hurry rush detail example elaborate specific roughly rough guess fine think sure great okay continue listen listening
  mean wonderful interesting understand nice lovely good perfect thank matter matters whatever course problem happy hear feel
  free explain describe word exactly bit little important`,
);
export const isEncouraging = (root: string) => encouraging.has(root);

/** Small talk and courtesies that an answer to is no answer to what was said before. */
const smallTalk =
  /\bhow (?:are|were|is|was) (?:you|your (?:day|weekend|week|evening|morning|holiday))\b|\bhear me\b|\b(?:ready|shall we|should we|can we|happy to) (?:to )?(?:start|begin|go on|continue|go)\b|\bready\b\s*\?|\banything else\b|\bmake(?:s)? sense\b|\bany (?:other )?questions\b|\bis that (?:ok|okay|clear|all right|alright|fine)\b|\b(?:what|where) (?:brings you|do you want to (?:begin|start))\b/i;
const requests =
  /\b(?:tell me|describe|walk me through|talk me through|explain|let's|let us|please|give me|name|state|share|show me|try|i(?:'d| would) (?:like|love) to (?:hear|know|understand)|i(?:'m| am) curious|i wonder|next(?! time| week| month))\b/i;
// Where speech was written down without marks, the words alone show a question.
const unmarked =
  /^(?:\w+ ){0,2}(?:what|which|who|how|why|when|where|do|does|did|are|is|have|can|could|would|will) |\b(?:do|are|have|can|could|would|did|will) you\b/i;
const agenda =
  /\b(?:next time|next week|later|afterwards|today we|we(?:'ll| will)|we(?:'ve| have)? (?:\w+ )?(?:covered|talked|discussed|spoke)|first i|before (?:that|we))\b/i;

const isAsking = (sentence: string) =>
  sentence.endsWith("?") || requests.test(sentence) || (!/[.!…]$/.test(sentence) && unmarked.test(sentence));

/** What an agent asks for: its last questions and requests, with the sentence that leads to them; none of small talk. */
export function questionIn(text: string): string {
  const sentences = text
    .replaceAll("’", "'")
    .split(/(?<=[.!?…:])\s+/)
    .filter((sentence) => sentence.trim() !== "");
  if (smallTalk.test(sentences.at(-1) ?? "")) return "";
  const last = sentences.findLastIndex(isAsking);
  if (last < 0) return "";
  const lead = sentences.slice(Math.max(0, last - 1), last).filter((sentence) => !agenda.test(sentence));
  const earlier = sentences.slice(0, Math.max(0, last - 1)).filter((each) => isAsking(each) && !agenda.test(each));
  return [...earlier.slice(-2), ...lead, sentences[last]].join(" ");
}
