import type { GoalClaim } from "#domain/plan.ts";
import { answerIn } from "./embedded-answers.ts";
import type { Goal, Goals } from "./embedded-goals.ts";
import { goalOfQuestion, isSubstantial, goalsCovered } from "./embedded-match.ts";
import type { Answer } from "./embedded-match.ts";
import { isEncouraging, questionIn } from "./embedded-questions.ts";
import { rootsOf } from "./embedded-roots.ts";
import type { PlanRequest } from "./plan-reader.ts";

type Segment = PlanRequest["segments"][number];

const mostSegments = 12;
const segmentsPerReport = 500;

/** What is asked and has been answered so far. */
interface Exchange {
  topic: Goal | null;
  /** Roots of the question. */
  question: Set<string>;
  heard: Answer[];
}

/**
 * Finds the goals that the person spoke to: by an answer of some substance to a question about the goal, or by naming
 * the goal's subject and saying more about it. What the agent says covers nothing.
 */
export function findCovered(segments: Segment[], goals: Goals, onProgress: (fraction: number) => void): GoalClaim[] {
  const claims = new Map<Goal, Set<string>>();
  let exchange: Exchange = { topic: null, question: new Set(), heard: [] };
  let [done, reported] = [0, 0];
  for (const turn of turnsOf(segments)) {
    if (turn[0]?.speaker === "agent") {
      exchange = afterAgent(exchange, turn.map(({ text }) => text).join(" "), goals);
    } else {
      const { next, covered } = afterPerson(exchange, turn, goals);
      exchange = next;
      for (const { goal, by } of covered) {
        const ids = claims.get(goal) ?? new Set();
        for (const { id } of by) if (ids.size < mostSegments) ids.add(id);
        claims.set(goal, ids);
      }
    }
    done += turn.length;
    if (done - reported < segmentsPerReport) continue;
    reported = done;
    onProgress(done / segments.length);
  }
  return [...claims].map(([{ session, goal }, ids]) => ({ session, goal, segmentIds: [...ids] }));
}

/** An agent that asks about a goal opens a topic; one that speaks of anything else closes it. */
function afterAgent(exchange: Exchange, text: string, goals: Goals): Exchange {
  const asked = questionIn(text);
  const topic = goalOfQuestion(asked, goals);
  const goesOn = [...rootsOf(text)].every((root) => isEncouraging(root) || exchange.topic?.roots.has(root));
  return topic === null && goesOn ? exchange : { topic, question: rootsOf(asked), heard: [] };
}

function afterPerson({ topic, question, heard }: Exchange, turn: Segment[], goals: Goals) {
  const { answers, isRefusal } = answersIn(turn);
  const all = [...heard, ...answers].slice(0, mostSegments);
  const isAnswered = isSubstantial(all, goals);
  const covered = goalsCovered(answers, question, goals);
  return {
    next: { topic: isRefusal && !isAnswered ? null : topic, question, heard: all },
    covered: topic && isAnswered ? [{ goal: topic, by: all }, ...covered] : covered,
  };
}

/** The segments that show that something was talked about at all: what is asked of a session without goals. */
export function findHeld(segments: Segment[], goals: Goals): string[] {
  const turns = turnsOf(segments).filter((turn) => turn[0]?.speaker === "user");
  const said = turns.map((turn) => answersIn(turn).answers).filter((answers) => isSubstantial(answers, goals));
  return said
    .flat()
    .slice(0, mostSegments)
    .map(({ id }) => id);
}

/** Segments of one speaker in a row. */
function turnsOf(segments: Segment[]): Segment[][] {
  const turns: Segment[][] = [];
  for (const segment of segments) {
    const last = turns.at(-1);
    if (last?.[0]?.speaker === segment.speaker) last.push(segment);
    else turns.push([segment]);
  }
  return turns;
}

function answersIn(turn: Segment[]): { answers: Answer[]; isRefusal: boolean } {
  const read = turn.map(({ id, text }) => {
    const { text: said, isRefusal } = answerIn(text);
    return { id, roots: rootsOf(said), isRefusal };
  });
  return {
    answers: read.filter(({ roots }) => roots.size > 0).map(({ id, roots }) => ({ id, roots })),
    isRefusal: read.some((each) => each.isRefusal),
  };
}
