// English shows a question by its word order too, and recognisers often leave the question mark out.
const openers =
  "(?:(?:and|but|so|or|then|well|okay|ok|alright|all right|right|great|good|thanks|thank you|yes|yeah|no|now|also|hey|hi|um|uh|er|got it|i see|sorry|sure|fine|please|first|next|finally|(?-i:\\p{Lu})\\p{L}+(?=,)),? +)*";
const forms = "do|does|did|have|has|is|are|am|was|were|can|could|will|would|should|shall|may|might|must";
const auxiliary = `(?:(?:${forms})(?:n't|nt)?|won't|can't|cannot)`;
const pronoun = "(?:i|we|you|he|she|they|there)\\b";
const determined =
  "(?:it|this|that|these|those|the|an?|our|your|my|his|her|its|their|any\\p{L}*|some\\p{L}*|every\\p{L}*)\\b";
const subject = `(?:not )?(?:${pronoun}|${determined})`;
const name = "(?-i:\\p{Lu})\\p{L}+ ";
// "Which of the reports", "how many people", "what kind of car". But "what we need is" and "what matters is" ask nothing.
const thing = `(?: (?!(?:${forms}|we|you|i|he|she|they|it|this|that|the|an?|to)\\b)\\p{L}*[^s\\s,](?: (?!(?:${forms})\\b)\\p{L}+){0,3}?)?`;
const askedFor = `(?:when|where|whom?|why|(?:what|which|whose|how)(?: \\p{L}+s(?= ${auxiliary} ${pronoun}))?${thing})`;
const inverted = `${askedFor} (?:(?:else|exactly|then) )?${auxiliary} (?:${subject}|${name})`;
const contracted = `(?:what|when|where|how|why|who)(?:'s|'re|'d|'ll) (?:${subject}|next\\b|left\\b)`;

const marked = /\?["'”’)\]]*\s*$/;
const ordered = [
  `^${openers}(?:${inverted}|${contracted})`,
  `^${openers}how come `,
  `^${openers}who(?:'s|'ll|'d)? `,
  `^${openers}${auxiliary} (?:not )?${pronoun}`,
  // "Have it ready" and "do the dishes" are orders, "has it" and "did the team" are not.
  `^${openers}(?:does|did|has|is|are|was|were|can|could|will|would|should|may|might)(?:n't)? (?:${determined}|${name})`,
  `\\b(?:do|does|did|is|are|was|were|have|has|will|would|can|could|should)n't (?:i|we|you|he|she|they|it)[.!]?$`,
].map((pattern) => new RegExp(pattern, "iu"));
const information = new RegExp(`(?:^|[,;:–-] ?|\\b(?:and|but|so|or) )${openers}(?:${inverted}|who )`, "iu");

/** Whether a sentence asks, by its mark or by the order of its words. "Can you send it?" asks too, for a deed. */
export function isQuestion(text: string): boolean {
  const plain = text.replaceAll("’", "'");
  return marked.test(plain) || ordered.some((pattern) => pattern.test(plain));
}

/** Whether it asks what, when, where, who or how: for an answer, whatever verbs of work it holds. */
export const wantsAnswer = (text: string): boolean => information.test(text.replaceAll("’", "'"));
