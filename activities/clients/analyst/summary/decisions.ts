import { isQuestion } from "../questions.ts";

// "Decided" said of a group or by someone who speaks for it, and the phrases that close a discussion.
const closing = [
  /\b(?:we|the (?:team|board|group|committee|company|council|panel)|everyone|everybody|they)(?:'ve| have| has|'d| had)?(?: all| both| also| now| already| finally| just| then| unanimously)* (?:decided|agreed|chose|voted|settled on|opted|resolved|approved|signed off on)\b/i,
  /\b(?:it(?:'s| is| was| has been)|that(?:'s| is| was)|then it(?:'s| is)) (?:decided|agreed|settled|approved)\b/i,
  /\bthe (?:decision|conclusion|consensus|verdict|resolution)(?: here| then| today)? (?:is|was|that we)\b/i,
  /\bdecision\s?:/i,
  /^(?:(?:ok|okay|alright|all right|right|so|then|yes|yeah|well|great|good)[,.]? )*(?:let's|let us) (?:just |then |all )*(?:go (?:with|for|ahead with)|stick (?:with|to)|settle on|use|adopt|postpone|cancel|drop|move the|keep the|do it|make it|skip|ship|launch|schedule)\b/i,
  /\b(?:we(?:'ll| will|'re going to| are going to)|we) (?:go|going|stick|sticking) with\b/i,
  /\b(?:we're|we are) (?:going with|going ahead with|moving forward with|moving ahead with|dropping|cancelling|canceling|postponing|sticking with)\b/i,
  /^(?:(?:ok|okay|alright|all right|right|so|yes|yeah|then)[,.]? )*agreed\b/i,
  /^(?:(?:ok|okay|alright|all right|fine|right|good|great|so|then)[,.]? )+we(?:'ll| will) (?:use|keep|drop|take|do|go|skip|start|move|ship|stick)\b/i,
  /\b(?:we(?:'re| are) going to) (?:cancel|drop|postpone|discontinue|adopt|switch to|go)\b/i,
  /\b(?:we(?:'re| are) (?:all )?in agreement)\b/i,
  /\b(?:motion|proposal|budget|plan|request) (?:is|was|has been) (?:carried|approved|accepted|passed|rejected)\b/i,
  /\b(?:final|final decision)[,:] (?:we|it)\b/i,
];

const open = [
  /\b(?:if|whether|when|once|until|unless|had) (?:we|they|the team|everyone)(?:'ve| have|'d)?(?: all| ever)* (?:decided?|agreed?|go|went|chose)\b/i,
  /\b(?:haven't|hasn't|have not|has not|not yet|never|didn't|did not|can't|cannot|couldn't|nothing|don't|isn't|wasn't|not) (?:\w+ ){0,2}?(?:decided?|agreed?|settled|approved|chosen?|voted)\b/i,
  /\b(?:need|needs|have|has|want|wants|going|about|trying|still|supposed|time|would like) to (?:\w+ )?(?:decide|agree|choose|vote|settle)\b/i,
  /\b(?:should|could|would|might|may|maybe|perhaps|suppose) (?:we |it )?(?:\w+ )?(?:decided?|agree|go with|settle)\b/i,
  /\bagreed (?:\w+ )?(?:with (?:me|you|him|her|them|that view)|to disagree)\b/i,
  // With a person of that name.
  /\b[Aa]greed (?:\w+ )?with \p{Lu}\p{Ll}+/u,
  /\b(?:long (?:before|ago)|years? ago|back (?:then|in|when))\b/i,
  /^(?:maybe|perhaps|suppose|imagine)\b/i,
  /\blet's (?:say|see|not|talk|hear|look|take a look)\b/i,
];

/** Whether a sentence says that something was decided, and not that it might be or was not. */
export const isDecision = (text: string) =>
  closing.some((pattern) => pattern.test(text)) && !open.some((pattern) => pattern.test(text)) && !isQuestion(text);
