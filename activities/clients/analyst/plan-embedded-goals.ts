import type { ProgressEntry } from "#domain/plan.ts";
import { areKin, rootsOf } from "./plan-embedded-roots.ts";

/** A goal as far as words go. `roots` have weights: a word that every goal has tells none from another. */
export interface Goal {
  session: number;
  goal: number;
  roots: Map<string, number>;
  weight: number;
  isNear: boolean;
}

// What a goal wants done about its subject, and to whom: no part of the subject.
const doing = rootsOf(
  `discuss talk speak understand learn explore identify find describe explain review ask name list define tell share know
  clarify establish determine assess collect gather check get give set agree decide help practise practice cover introduce
  user person people client customer participant learner student patient candidate coachee topic question goal session`,
);

export interface Goals {
  all: Goal[];
  /** The roots of goals that a word's root stands for. */
  meant: (root: string) => string[];
}

/** The goals of a plan; `sessionName` is the session they are first looked for in. */
export function readGoals(progress: ProgressEntry[], sessionName: string | null): Goals {
  const texts = progress.flatMap((entry, session) =>
    entry.goals.map(({ text }, goal) => ({ session, goal, isNear: entry.session_name === sessionName, ...told(text) })),
  );
  const counts = new Map<string, number>();
  for (const { roots } of texts) for (const root of roots) counts.set(root, (counts.get(root) ?? 0) + 1);
  const rarity = (root: string) => Math.log(1 + texts.length / (counts.get(root) ?? 1));
  const all = texts.map(({ session, goal, isNear, roots }) => {
    const weights = new Map([...roots].map((root) => [root, rarity(root)]));
    return { session, goal, isNear, roots: weights, weight: [...weights.values()].reduce((sum, each) => sum + each, 0) };
  });
  const known = new Map<string, string[]>();
  return {
    all,
    meant(root) {
      const found = known.get(root) ?? [...counts.keys()].filter((each) => areKin(each, root));
      known.set(root, found);
      return found;
    },
  };
}

function told(text: string): { roots: Set<string> } {
  const roots = rootsOf(text);
  const subject = new Set([...roots].filter((root) => !doing.has(root)));
  return { roots: subject.size > 0 ? subject : roots };
}
