import { plain } from "./embedded-answers.ts";
import { isDoing } from "./embedded-goals.ts";
import type { Goal, Goals } from "./embedded-goals.ts";
import { rootsOf } from "./embedded-roots.ts";

/** What a person's segment holds that may be an answer. */
export interface Answer {
  id: string;
  roots: Set<string>;
}

// Chosen on the talks of tests/activities/analyst/plan-talks*.ts: where in doubt a goal stays open and is asked about again.
const least = { asked: 0.6, askedNear: 0.45, lead: 0.05, told: 0.6, words: 3, newWords: 2 } as const;
const nearness = 0.1;

/** Whether more was said than a yes: enough words, and not only the plan's own ones read out. */
export function isSubstantial(answers: Answer[], { meant }: Goals): boolean {
  const roots = new Set(answers.flatMap((answer) => [...answer.roots]));
  const own = [...roots].filter((root) => meant(root).length === 0 && !isDoing(root));
  return roots.size >= least.words && own.length >= least.newWords;
}

/** The one goal that a question is about; null where it is about none, or about several alike. */
export function goalOfQuestion(question: string, goals: Goals): Goal | null {
  const [best, second] = shares(rootsOf(question), goals)
    .map(({ goal, share }) => ({ goal, share, rank: share + (goal.isNear ? nearness : 0) }))
    .toSorted((a, b) => b.rank - a.rank);
  const isClear = best && best.rank - (second?.rank ?? 0) >= least.lead;
  if (isClear && best.share >= (best.goal.isNear ? least.askedNear : least.asked)) return best.goal;
  const words = plain(question).toLowerCase();
  return goals.bare.findLast(({ text }) => words.includes(text))?.goal ?? null;
}

/** Goals whose subject the person names, alone or together with the question, and says something about. */
export function goalsCovered(answers: Answer[], question: Set<string>, goals: Goals): { goal: Goal; by: Answer[] }[] {
  return answers.flatMap((answer, place) => {
    const by = place > 0 ? answers.slice(place - 1, place + 1) : [answer];
    if (!isSubstantial(by, goals)) return [];
    const words = new Set(by.flatMap(({ roots }) => [...roots]));
    const own = shares(words, goals);
    const alone = own.filter(({ share, count }) => share >= least.told && count > 1);
    // The further from the question, the less it says what is spoken of.
    const both = place > 1 ? [] : shares(new Set([...question, ...words]), goals);
    const mine = new Map(own.map(({ goal, share }) => [goal, share]));
    const together = both.filter(({ goal, share }) => share >= least.told && share > (mine.get(goal) ?? share));
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
