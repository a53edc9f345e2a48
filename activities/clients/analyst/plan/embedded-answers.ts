// A refusal or a put-off takes its whole sentence with it: what follows only gives reasons.
const refusals = [
  /\b(?:rather|prefer) not\b|\bnot (?:\w+ )?(?:ready|willing|comfortable)\b/i,
  /\b(?:do not|don't|dont|didn't|won't|will not|not) (?:\w+ )?(?:(?:want|wish|like|care|going) to |feel like )?(?:talk|talking|speak|say|saying|answer|answering|discuss|discussing|share|sharing|tell|telling|go into|get into|comment)\b/i,
  /\b(?:let's|let us|can we|could we|can you|could you|shall we|please|want to|like to|i'll|i will|we'll)(?: \w+){0,2} (?:skip|pass|move on|change the subject|stop|leave (?:it|that)|(?:talk|chat) about (?:something|the weather))\b/i,
  /^(?:please )?(?:skip|pass|stop|next)\b|\bskip (?:this|that|it|the (?:question|topic))\b|\b(?:next|another|different) (?:question|topic)\b/i,
  /\b(?:another|some other) time\b|\bnext time\W*$|\b(?:can|could|(?:has|have) to) wait\b|^(?:no,? )?not (?:now|today|yet)\b/i,
  /\b(?:let's|we'll|we can|we will|we could|can we|could we) (?:\w+ )?(?:talk|discuss|speak|come back|return)\b.*\b(?:later|tomorrow|next week)\b/i,
  /\b(?:none of your|not your) business\b|\b(?:too|quite|very|rather|really|a bit) (?:private|personal)\b/i,
];

// Not understood, or called away: the subject stays open.
const asides = [
  /\b(?:repeat|rephrase) (?:that|it|this|the)\b|\b(?:say|ask) (?:that|it|this) (?:again|differently|once more)\b|\bwhat do you mean\b/i,
  /\bdid(?:n't| not) (?:hear|catch|get|understand) (?:you|that|it|the)\b/i,
  /\b(?:phone|doorbell) is \w+ing\b|\b(?:somebody|someone) is at\b|\b(?:give me|just|wait|hold on)(?: for)? (?:a|one) (?:second|moment|minute|sec)\b|\bhold on\b/i,
];

// Talk about the talk: orders to whoever reads along, and claims that a goal is done.
const orders = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.*\b(?:instructions?|rules?|prompts?|above|guidelines)\b/i,
  /\b(?:mark|set|count|treat|consider|regard|record|report|flag|log|tick)(?: \w+){0,2} (?:it|them|this|that|all|every|everything|each|goals?|sessions?|plan|status|topics?)\b.*\b(?:complete|completed|covered|done|finished|true)\b/i,
  /\b(?:goals?|sessions?|objectives?|topics?|agenda|status|everything|all of (?:it|them))\b.*\b(?:is|are|was|were|be|been|as|to)(?: \w+){0,2} (?:complete|completed|covered|done|finished|accomplished)\b/i,
  /\b(?:finish|complete|end|close) (?:this|the|all|every) (?:session|goal|plan|meeting)s?\b/i,
  /\b(?:system|developer|admin|debug|jailbreak) (?:mode|prompt|message|override)\b|^\W*(?:system|assistant|developer)\s*:/i,
  /\b(?:as|i am|i'm) (?:an? |the |your )?(?:admin|administrator|developer|operator)\b|\bfrom the (?:developers?|administrators?|operators?)\b|\bnew instructions?\b/i,
  /["'“”]\s*:\s*|[{}<>]|\bsegment[_ ]?ids?\b/i,
];

const questions =
  /\?\s*$|^(?:(?:sorry|and|but|so|well|ok|okay|hm+|um+|uh)[, ]+)*(?:(?:can|could|would|will|do|does|did|are) (?:you|we|it|that|the)\b|(?:what|which|how|why|when|where) (?:do|does|did|is|are|was|can|should) (?:you|it|that|the|this|i|we)\b)/i;

// Of these only the part of the sentence up to the next comma, or the phrase alone, says nothing.
const courtesies =
  /\bthank(?:s| you)\b(?! to)|\b(?:good)?bye\b|\bsee you\b|\b(?:nice|good|great|lovely) to (?:meet|talk|see|hear)\b|\bhave a (?:nice|good|great|lovely)\b|\bhear you\b|\bbad connection\b|\b(?:connection|line|sound) (?:is|was) (?:bad|poor|slow)\b|\b(?:that|this|it|you) (?:\w+ )?(?:was|were|is|makes?|explained?)(?: \w+)? (?:\w+ )?(?:helpful|sense|clear|clearly|well)\b|^(?:i'm |i am )?(?:fine|good|great|very well)$/i;
const phrases =
  /\b(?:i )?(?:really |honestly |actually |just )?(?:do not|don't|dont|didn't|wouldn't|cannot|can't) (?:really |actually |quite |even )?(?:know|remember|recall|say|tell)\b|\b(?:have|has|had)(?:n't| not| never)(?: really| ever| yet)? (?:thought|looked|considered|decided|checked)\b|\b(?:no|not any|any) (?:idea|clue)\b|\bnot (?:so |really |quite |entirely |too )?(?:sure|certain)\b|\blet me (?:think|see)\b|\b(?:good|great|hard|difficult|nice) question\b|\bto be (?:quite )?honest\b|\bhonestly\b/gi;

/**
 * What of somebody's words may answer a question: without refusals, put-offs, questions back, courtesies and orders.
 * Where it errs, it leaves out an answer; a goal is then asked about once more.
 */
export function answerIn(text: string): { text: string; isRefusal: boolean } {
  const clauses = plain(text)
    .split(/(?<=[.!?…]) |,? \b(?:but|however|although|though)\b,? /i)
    // Pieces of bounded length keep the patterns quick, whoever wrote the text and for whatever purpose.
    .flatMap((clause) => clause.match(/.{1,400}(?: |$)|.{400}/g) ?? [])
    .map((clause) => clause.trim());
  const isRefusal = clauses.some((clause) => refusals.some((pattern) => pattern.test(clause)));
  const telling = clauses.filter(
    (clause) => !questions.test(clause) && ![...refusals, ...asides, ...orders].some((pattern) => pattern.test(clause)),
  );
  const parts = telling.flatMap((clause) => clause.split(/,\s+/)).filter((part) => !courtesies.test(part));
  return { text: parts.map((part) => part.replace(phrases, " ")).join(", "), isRefusal };
}

/** Text on one line, with one kind of apostrophe. */
export const plain = (text: string) => text.replaceAll("’", "'").replace(/\s+/g, " ").trim();
