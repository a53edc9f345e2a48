import compromise from "compromise";
import { defaultSpeakerName } from "#domain/transcript.ts";
import { dueDate, hasDeadline } from "./due-date.ts";
import { isQuestion, wantsAnswer } from "../questions.ts";
import { namesWorkObject, isNoTask, strongVerb, weakVerb } from "./task-patterns.ts";

/** A sentence read as a task: who does it, and by when (ISO date), where the words say so. */
export interface Task {
  owner: string | null;
  due: string | null;
}

const modal =
  "(?:will|'ll|is going to|'s going to|is gonna|is supposed to|needs to|has to|must|is to|agreed to|promised to|offered to|volunteered to|should|shall)";
const properName = "([\\p{Lu}][\\p{L}'-]*\\p{L}(?: \\p{Lu}[\\p{L}'-]*\\p{L})?)";
const notNames = new Set(
  "i we he she it they you this that these those there who what which when where then so and but or if also someone somebody everyone everybody nobody one anyone people now here today tomorrow yesterday okay ok yes no maybe please hopefully monday tuesday wednesday thursday friday saturday sunday well because thanks hey hi hello right great good alright sure".split(
    " ",
  ),
);

const labelled =
  /^(?:(?:the|an?|one|my|our|your|next|new|first|last|another) )*(?:action (?:item|point)|to-?do|task|follow-?up|next step)s?(?: here)?(?: for (?:me|you|us|\p{Lu}\p{L}+))?\s*(?:[:,–-]|is (?:to|that|for)\b)\s*(?=\S+ \S+)/iu;
const passive = /\b(?:(?:needs?|has|have) to|must) be \w+(?:ed|en|nt|ne|de|ld|ut|id)\b/i;
const responsible = new RegExp(
  `${properName} (?:is responsible for|takes care of|takes over|owns|is in charge of)\\b`,
  "u",
);

const selfCommits = phrase(
  "\\b(?:I'll|I will|I'm going to|I'm gonna|I am going to|I'm supposed to|I am supposed to|I shall)",
);
const selfOffers = /\blet me (?:send|e-?mail|forward|schedule|book|set up)\b/i;
const selfMust = phrase("\\b(?:I need to|I have to|I must|I should|I can|I've got to)");
const namedWill = phrase(`(?:^|[\\s,])${properName} ?${modal}`, "u");
const namedTo = new RegExp(`^${properName} to ${strongVerb}`, "u");
const spelledSmall = phrase(`\\b([a-z]{2,}) ?${modal}`, "u");
const someone = phrase("\\b(?:someone|somebody|one of us|one of you) (?:will|needs to|has to|must|should)");
const asked = phrase("\\b(?:can|could|would|will) (?:you|someone|somebody|anyone)");
const askedKindly = /\bwould you mind \w+ing\b/i;
const told = phrase(
  "(?:^|[,;] |\\b(?:and|so|then) )(?:please|don't forget to|do not forget to|remember to|make sure to)",
);
const others = phrase(
  `\\b(?:we|you|he|she|they|the team|everyone|everybody) ?(?:${modal}|need to|have to|are going to|'re going to)`,
);

/** The phrase before a verb that is work by itself, and before one that is work only with a sign of work around it. */
function phrase(words: string, flags = "iu") {
  return { strong: new RegExp(`${words} ${strongVerb}`, flags), weak: new RegExp(`${words} ${weakVerb}`, flags) };
}

/** Reads a sentence as a task, or null where it is none. `speaker` is who says it; dates count from `spokenOn`. */
export function taskOf(sentence: string, speaker: string, spokenOn: string): Task | null {
  const text = sentence.replaceAll("’", "'");
  if (isNoTask(text)) return null;
  const due = dueDate(text, spokenOn);
  const found = ownerOf(text, speaker, due !== null || hasDeadline(text, spokenOn));
  return found && { owner: found.owner, due };
}

function ownerOf(text: string, speaker: string, isDated: boolean): { owner: string | null } | null {
  const match = ({ strong, weak }: ReturnType<typeof phrase>) =>
    strong.exec(text) ?? (isDated || namesWorkObject(text) ? weak.exec(text) : null);
  const label = labelled.exec(text);
  if (label) return { owner: nameIn(text) ?? (/\bfor me\b/i.test(label[0]) ? defaultSpeakerName(speaker) : null) };

  const isAsking = isQuestion(text);
  if (isAsking && wantsAnswer(text)) return null;
  const spokenTo = addressee(text);
  if (match(asked) || (spokenTo && askedKindly.test(text)) || (spokenTo && asked.weak.test(text)))
    return isAsking || spokenTo || isDated ? { owner: spokenTo } : null;
  if (isAsking) return null;
  if (match(selfCommits) || selfOffers.test(text)) return { owner: defaultSpeakerName(speaker) };
  if (isDated && match(selfMust)) return { owner: defaultSpeakerName(speaker) };

  const named = match(namedWill)?.[1] ?? namedTo.exec(text)?.[1] ?? responsible.exec(text)?.[1];
  if (named && !isPlainWord(named)) return { owner: named };
  const small = match(spelledSmall)?.[1];
  if (small && peopleIn(text).includes(small)) return { owner: small };
  if (match(someone)) return { owner: null };
  if (match(told)) return { owner: spokenTo };
  if (isDated && (match(others) || passive.test(text))) return { owner: null };
  return null;
}

const openers = /^(?:(?:and|so|ok|okay|then|hey|hi|well|also|alright|thanks|great|now),? +)+(?=\p{L})/iu;
const addressedFirst = new RegExp(`^${properName}, `, "u");
const addressedLast = new RegExp(`, ${properName}[?.!]*$`, "u");

/** "Bob, can you …" and "can you …, Bob?": who is spoken to. */
function addressee(text: string): string | null {
  const said = addressedFirst.exec(text.replace(openers, ""))?.[1] ?? addressedLast.exec(text)?.[1];
  return said && !isPlainWord(said) ? said : null;
}

const nameIn = (text: string) =>
  new RegExp(`(?:for|[:,–-]|is) ${properName}(?: to\\b|\\s*(?:[:,–-]|${modal}))`, "u").exec(text)?.[1] ??
  peopleIn(text)[0] ??
  null;

const isPlainWord = (word: string) => notNames.has((word.split(" ")[0] ?? "").toLowerCase());

const peopleIn = (text: string): string[] =>
  (compromise(text).people().out("array") as string[]).map((person) => person.replace(/[^\p{L}\p{N}]+$/u, ""));
