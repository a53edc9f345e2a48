import type { PlanSession } from "#domain/plan.ts";

/** A plan while it is edited: its parts have keys, so that what is typed stays with its part wherever that moves. */
export interface EditedGoal {
  key: string;
  text: string;
}
export interface EditedSession {
  key: string;
  name: string;
  goals: EditedGoal[];
}
export interface EditedPlan {
  sessions: EditedSession[];
  nextKey: number;
  /** Which part (`data-part`) the focus belongs to after the last change; null: it stays where it is. */
  focus: { on: string } | null;
  /** What the last change did, said aloud. */
  said: string;
}

export type PlanChange =
  | { type: "imported"; sessions: readonly PlanSession[] }
  | { type: "sessionAdded" }
  | { type: "sessionNamed"; session: string; name: string }
  | { type: "sessionMoved"; session: string; by: -1 | 1; focus: string }
  | { type: "sessionRemoved"; session: string }
  | { type: "goalAdded"; session: string; after?: string }
  | { type: "goalWritten"; session: string; goal: string; text: string }
  | { type: "goalMoved"; session: string; goal: string; by: -1 | 1; focus: string }
  | { type: "goalRemoved"; session: string; goal: string };

export const mostSessions = 100;
export const mostGoals = 50;

export function editedPlan(sessions: readonly PlanSession[], firstKey = 0): EditedPlan {
  let nextKey = firstKey;
  const key = () => `k${nextKey++}`;
  const edited = sessions.map(({ session_name, goals }) => ({
    key: key(),
    name: session_name,
    goals: goals.map((text) => ({ key: key(), text })),
  }));
  return { sessions: edited, nextKey, focus: null, said: "" };
}

/** What is kept of an edited plan; goals without a word are left out. */
export const planOf = ({ sessions }: EditedPlan): PlanSession[] =>
  sessions.map(({ name, goals }) => ({
    session_name: name.trim(),
    goals: goals.map(({ text }) => text.trim()).filter((text) => text !== ""),
  }));

export function changePlan(plan: EditedPlan, change: PlanChange): EditedPlan {
  const quiet = { ...plan, focus: null, said: "" };
  switch (change.type) {
    case "imported": {
      const { length } = change.sessions;
      return { ...editedPlan(change.sessions, plan.nextKey), said: `${length} sessions imported` };
    }
    case "sessionAdded": {
      if (plan.sessions.length >= mostSessions) return plan;
      const added = { key: `k${plan.nextKey}`, name: "", goals: [] };
      const said = `Session ${plan.sessions.length + 1} added`;
      return { sessions: [...plan.sessions, added], nextKey: plan.nextKey + 1, focus: { on: added.key }, said };
    }
    case "sessionNamed":
      return { ...quiet, sessions: withPart(plan.sessions, change.session, { name: change.name }) };
    case "sessionMoved": {
      const { list, place } = moved(plan.sessions, change.session, change.by);
      return {
        ...quiet,
        sessions: list,
        focus: { on: change.focus },
        said: `Session is now number ${place + 1} of ${list.length}`,
      };
    }
    case "sessionRemoved": {
      const { list, neighbour } = without(plan.sessions, change.session);
      return { ...quiet, sessions: list, focus: { on: neighbour ?? "add-session" }, said: "Session removed" };
    }
    default:
      return changeGoals(quiet, change);
  }
}

function changeGoals(plan: EditedPlan, change: Extract<PlanChange, { type: `goal${string}` }>): EditedPlan {
  const goals = plan.sessions.find(({ key }) => key === change.session)?.goals ?? [];
  const set = (list: EditedGoal[]) => withPart(plan.sessions, change.session, { goals: list });
  switch (change.type) {
    case "goalAdded": {
      if (goals.length >= mostGoals) return plan;
      const added = { key: `k${plan.nextKey}`, text: "" };
      const place = goals.findIndex(({ key }) => key === change.after);
      const list = goals.toSpliced(place === -1 ? goals.length : place + 1, 0, added);
      return { ...plan, sessions: set(list), nextKey: plan.nextKey + 1, focus: { on: added.key }, said: "Goal added" };
    }
    case "goalWritten":
      return { ...plan, sessions: set(withPart(goals, change.goal, { text: change.text })) };
    case "goalMoved": {
      const { list, place } = moved(goals, change.goal, change.by);
      return {
        ...plan,
        sessions: set(list),
        focus: { on: change.focus },
        said: `Goal is now number ${place + 1} of ${list.length}`,
      };
    }
    case "goalRemoved": {
      const { list, neighbour } = without(goals, change.goal);
      return {
        ...plan,
        sessions: set(list),
        focus: { on: neighbour ?? `add-${change.session}` },
        said: "Goal removed",
      };
    }
    default:
      return change satisfies never;
  }
}

interface Keyed {
  key: string;
}

const withPart = <Part extends Keyed>(list: Part[], key: string, part: Partial<Part>): Part[] =>
  list.map((each) => (each.key === key ? { ...each, ...part } : each));

function moved<Part extends Keyed>(list: Part[], key: string, by: number): { list: Part[]; place: number } {
  const from = list.findIndex((each) => each.key === key);
  const part = list[from];
  const place = Math.min(list.length - 1, Math.max(0, from + by));
  if (part === undefined) return { list, place };
  return { list: list.toSpliced(from, 1).toSpliced(place, 0, part), place };
}

// The focus goes to what took the place of the removed part, or to what stood before it.
function without<Part extends Keyed>(list: Part[], key: string): { list: Part[]; neighbour: string | null } {
  const at = list.findIndex((each) => each.key === key);
  const rest = list.filter((each) => each.key !== key);
  return { list: rest, neighbour: (rest[at] ?? rest[at - 1])?.key ?? null };
}
