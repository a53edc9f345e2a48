import type { GoalClaim } from "#domain/plan.ts";
import { answerIn } from "./plan-embedded-answers.ts";
import { isDoing } from "./plan-embedded-goals.ts";
import type { Goal, Goals } from "./plan-embedded-goals.ts";
import { isEncouraging, questionIn } from "./plan-embedded-questions.ts";
import { rootsOf } from "./plan-embedded-roots.ts";
import type { PlanRequest } from "./plan-reader.ts";

type Segment = PlanRequest["segments"][number];

/** What a person's segment holds that may be an answer. */
interface Answer {
  id: string;
  roots: Set<string>;
}

// Chosen on the talks of tests/activities/plan-talks.ts: where in doubt a goal stays open and is asked about again.
const least = { asked: 0.6, askedNear: 0.45, lead: 0.05, told: 0.6, words: 3, newWords: 2 } as const;
const nearness = 0.1;
const mostSegments = 12;

/**
 * Finds the goals that the person spoke to: by an answer of some substance to a question about the goal, or by naming
 * the goal's subject and saying more about it. What the agent says covers nothing.
 */
export function findCovered(segments: Segment[], goals: Goals, onProgress: (fraction: number) => void): GoalClaim[] {
  const claims = new Map<Goal, Set<string>>();
  const claim = (goal: Goal, answers: Answer[]) => {
    const ids = claims.get(goal) ?? new Set();
    for (const { id } of answers) if (ids.size < mostSegments) ids.add(id);
    claims.set(goal, ids);
  };
  let topic: Goal | null = null;
  let question = new Set<string>();
  let heard: Answer[] = [];

  let reported = 0;
  let done = 0;
  for (const turn of turnsOf(segments)) {
    const text = turn.map((segment) => segment.text).join(" ");
    if (turn[0]?.speaker === "agent") {
      const asked = rootsOf(questionIn(text));
      const next = askedAbout(asked, goals);
      const goesOn = [...rootsOf(text)].every((root) => isEncouraging(root) || topic?.roots.has(root));
      if (next ?? !goesOn) {
        [topic, question, heard] = [next, asked, []];
      }
    } else {
      const { answers, isRefusal } = answersIn(turn);
      heard = [...heard, ...answers].slice(0, mostSegments);
      const isAnswered = isSubstantial(heard, goals);
      if (topic && isAnswered) claim(topic, heard);
      if (isRefusal && !isAnswered) topic = null;
      for (const { goal, by } of toldIn(answers, question, goals)) claim(goal, by);
    }
    done += turn.length;
    if (done - reported >= 500) {
      reported = done;
      onProgress(done / segments.length);
    }
  }
  return [...claims].map(([{ session, goal }, ids]) => ({ session, goal, segmentIds: [...ids] }));
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

/** Whether more was said than a yes: enough words, and not only the plan's own ones read out. */
function isSubstantial(answers: Answer[], { meant }: Goals): boolean {
  const roots = new Set(answers.flatMap((answer) => [...answer.roots]));
  const own = [...roots].filter((root) => meant(root).length === 0 && !isDoing(root));
  return roots.size >= least.words && own.length >= least.newWords;
}

/** The one goal that a question is about; null where it is about none, or about several alike. */
function askedAbout(question: Set<string>, goals: Goals): Goal | null {
  const [best, second] = shares(question, goals)
    .map(({ goal, share }) => ({ goal, share, rank: share + (goal.isNear ? nearness : 0) }))
    .toSorted((a, b) => b.rank - a.rank);
  if (!best || best.share < (best.goal.isNear ? least.askedNear : least.asked)) return null;
  return best.rank - (second?.rank ?? 0) >= least.lead ? best.goal : null;
}

/** Goals whose subject the person names, alone or together with the question, and says something about. */
function toldIn(answers: Answer[], question: Set<string>, goals: Goals): { goal: Goal; by: Answer[] }[] {
  return answers.flatMap((answer, place) => {
    const by = place > 0 ? answers.slice(place - 1, place + 1) : [answer];
    const words = new Set(by.flatMap(({ roots }) => [...roots]));
    if (!isSubstantial(by, goals)) return [];
    const alone = shares(words, goals).filter(
      ({ share, count, goal }) => share >= least.told && (count > 1 || goal.isNear),
    );
    const own = new Map(shares(words, goals).map(({ goal, share }) => [goal, share]));
    const together =
      place > 1
        ? []
        : shares(new Set([...question, ...words]), goals).filter(({ goal, share }) => {
            const mine = own.get(goal) ?? 0;
            return mine > 0 && share > mine && share >= least.told;
          });
    return [...alone, ...together].map(({ goal }) => ({ goal, by }));
  });
}

/** How much of each goal's subject is named. Goals of which nothing is named are left out. */
function shares(words: Set<string>, { bearing, meant }: Goals): { goal: Goal; share: number; count: number }[] {
  const named = new Set([...words].flatMap(meant));
  const found = new Map<Goal, { sum: number; count: number }>();
  for (const root of named)
    for (const goal of bearing.get(root) ?? []) {
      const { sum, count } = found.get(goal) ?? { sum: 0, count: 0 };
      found.set(goal, { sum: sum + (goal.roots.get(root) ?? 0), count: count + 1 });
    }
  return [...found].map(([goal, { sum, count }]) => ({ goal, share: sum / goal.weight, count }));
}
