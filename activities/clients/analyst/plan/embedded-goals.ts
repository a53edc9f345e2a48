import type { ProgressEntry } from "#domain/plan.ts";
import { plain } from "./embedded-answers.ts";
import { shareStem, rootsOf } from "./embedded-roots.ts";

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
  summarise state justify record note outline main current new first used far own brief overall general key major needed available
  user person people client customer participant learner student patient candidate coachee topic question goal session`,
);

/** A word of talk about the plan itself. */
export const isDoing = (root: string) => doing.has(root);

export interface Goals {
  /** Goals in words so common that only the whole of their text tells them. */
  bare: { goal: Goal; text: string }[];
  /** The goals that have a root. */
  bearing: Map<string, Goal[]>;
  /** The roots of goals that a word's root stands for. */
  meant: (root: string) => string[];
}

// "Stress at work" is about stress; work only says which.
const joints = /\b(?:for|of|at|in|on|with|about|since|until|from|by|to|during|after|before)\b/i;
const besides = 0.7;

/** The goals of a plan; `near` is the place of the session that they are first looked for in, or -1. */
export function readGoals(progress: ProgressEntry[], near: number): Goals {
  const read = progress.flatMap((entry, session) =>
    entry.goals.map(({ text }, goal) => ({
      session,
      goal,
      isNear: session === near,
      text,
      subject: subjectOf(text),
    })),
  );
  const counts = new Map<string, number>();
  for (const { subject } of read) for (const root of subject.keys()) counts.set(root, (counts.get(root) ?? 0) + 1);
  const rarity = (root: string) => Math.log(1 + read.length / (counts.get(root) ?? 1));
  const bearing = new Map<string, Goal[]>();
  const bare: Goals["bare"] = [];
  for (const { subject, text, ...place } of read) {
    const roots = new Map([...subject].map(([root, share]) => [root, share * rarity(root)]));
    const goal = { ...place, roots, weight: [...roots.values()].reduce((sum, each) => sum + each, 0) };
    const words = plain(text)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+$/u, "");
    if (roots.size === 0 && words !== "") bare.push({ goal, text: words });
    for (const root of roots.keys()) bearing.set(root, [...(bearing.get(root) ?? []), goal]);
  }
  const known = new Map<string, string[]>();
  return {
    bare,
    bearing,
    meant(root) {
      const found = known.get(root) ?? [...bearing.keys()].filter((each) => shareStem(each, root));
      known.set(root, found);
      return found;
    },
  };
}

/** What a goal is about: roots with how much each says, from 0 to 1. */
function subjectOf(text: string): Map<string, number> {
  const subject = new Map<string, number>();
  for (const part of text.split(joints)) {
    const share = subject.size === 0 ? 1 : besides;
    for (const root of rootsOf(part)) if (!doing.has(root) && !subject.has(root)) subject.set(root, share);
  }
  return subject.size > 0 ? subject : new Map([...rootsOf(text)].map((root) => [root, 1]));
}
