import type { Responder, Line } from "./responder.ts";

interface ScriptedResponderOptions {
  agentName: string;
  /** Titles of the plan session's goals; none for open questions. */
  goals: readonly string[];
}

const openQuestions = [
  "What would you like to talk about today?",
  "What makes that important to you?",
  "What have you tried so far?",
  "What would a good next step be?",
];

const asks = [
  ["Let's talk about this:", "What can you tell me about it?"],
  ["The next point is this:", "How do you see it?"],
  ["Now to this:", "What comes to your mind?"],
] as const;
const thanks = ["Thank you.", "I see.", "Understood.", "All right."];
const followUps = [
  "Could you tell me a little more about that?",
  "Can you give me an example?",
  "What makes you say so?",
];

const closing = "That was my last question. Is there anything you would like to add?";
const farewell = "Thank you for the conversation. You can leave the call now; its summary is made when you have left.";

/** An answer of fewer words is followed up, once for each question. */
const shortAnswer = 5;

const skipWords =
  /^(?:please )?(?:skip(?: (?:it|this|that|this one|the question))?|pass|next(?: (?:question|one|point))?)(?: please)?$/;
const repeatWords = /\b(?:repeat|say (?:that|it) again|what was the question|pardon|once more)\b/;
const byeWords =
  /^(?:good ?bye|bye(?: bye)?|that's all|that is all|i'm done|i am done|let's stop|let us stop|end the call)\b/;

/**
 * The agent without a language model: asks its questions one after the other, follows up short answers, and says what
 * it is. The same conversation always gets the same reply, so an agent that comes back carries on by reading it.
 */
export function createScriptedResponder(
  options: ScriptedResponderOptions,
): Responder & { next(lines: readonly Line[]): string } {
  const questions = questionsOf(options.goals);
  const next = (lines: readonly Line[]) => nextWords(lines, questions, options.agentName);
  return {
    next,
    async *reply(lines, signal) {
      signal.throwIfAborted();
      yield next(lines);
    },
  };
}

interface Question {
  /** What tells in the conversation so far that it was asked; an interruption after it changes nothing. */
  mark: string;
  words: string;
}

function questionsOf(goals: readonly string[]): Question[] {
  const points = new Set(goals.map((goal) => goal.trim().replace(/[.!]+$/, "")).filter((goal) => goal !== ""));
  if (points.size === 0) return openQuestions.map((words) => ({ mark: words, words }));
  return [...points].map((point, index) => {
    if (point.endsWith("?")) return { mark: point, words: point };
    const [head, tail] = asks[index % asks.length] ?? asks[0];
    const mark = `${head} ${point}.`;
    return { mark, words: `${mark} ${tail}` };
  });
}

function nextWords(lines: readonly Line[], questions: readonly Question[], agentName: string): string {
  const asked = lastAsked(lines, questions);
  if (asked === -1) {
    const hello = lines.some(({ speaker }) => speaker === "agent") ? "" : `${greeting(agentName)} `;
    return `${hello}${wordsOf(questions, 0)}`;
  }
  const answer = answerTo(lines);
  const plain = plainOf(answer.at(-1) ?? "");
  const saidLast = lines.findLast(({ speaker }) => speaker === "agent")?.text ?? "";
  if (byeWords.test(plain)) return farewell;
  const isClosing = lines.some(({ speaker, text }) => speaker === "agent" && text.includes(closing));
  if (isClosing) return farewell;
  if (repeatWords.test(plain)) return `Of course. ${wordsOf(questions, asked)}`;
  if (skipWords.test(plain)) return `No problem, we skip that. ${onward(questions, asked)}`;
  if (answer.at(-1)?.endsWith("?")) {
    return `I can't answer questions without a language model, but yours is noted. ${wordsOf(questions, asked)}`;
  }
  const turn = lines.filter(({ speaker }) => speaker === "agent").length;
  const thank = thanks[turn % thanks.length] ?? "";
  const wasFollowUp = followUps.some((words) => saidLast.includes(words));
  if (plainOf(answer.join(" ")).split(" ").length < shortAnswer && !wasFollowUp) {
    return `${thank} ${followUps[asked % followUps.length] ?? ""}`;
  }
  return `${thank} ${onward(questions, asked)}`;
}

const greeting = (name: string) =>
  `Hello, I am ${name}. I am Convene's built-in practice agent: I ask prepared questions and have no language model. Say "skip" to go on to the next one.`;

const onward = (questions: readonly Question[], asked: number) =>
  asked + 1 < questions.length ? wordsOf(questions, asked + 1) : closing;

const wordsOf = (questions: readonly Question[], index: number) => questions[index]?.words ?? closing;

/** The furthest question that the agent has got to, or -1. */
function lastAsked(lines: readonly Line[], questions: readonly Question[]): number {
  const said = lines.filter(({ speaker }) => speaker === "agent").map(({ text }) => text);
  return questions.findLastIndex(({ mark }) => said.some((text) => text.includes(mark)));
}

/** What people said since the agent's last words: whoever pauses in an answer says it in several lines. */
function answerTo(lines: readonly Line[]): string[] {
  const last = lines.findLastIndex(({ speaker }) => speaker === "agent");
  return lines.slice(last + 1).map(({ text }) => text.replace(/^\[[^\]]*\] /, "").trim());
}

const plainOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{N}' ]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
