import { z } from "zod";
import { line, textLimits, title } from "./text.ts";

/**
 * A plan of sessions, kept in an agent's `blueprintSnapshot`. Imported JSON may come from elsewhere, so names are
 * forgiving at the door and one inside: a session has a name and goals.
 */
const Named = z.object({
  session_name: title().optional(),
  name: title().optional(),
  title: title().optional(),
});
const Goal = line(textLimits.goal).min(1);
const GoalText = z.union([
  Goal,
  z
    .object({ text: z.string().optional(), goal: z.string().optional(), title: z.string().optional() })
    .transform(({ text, goal, title }) => text || goal || title || "")
    .pipe(Goal),
]);
const Goals = z.array(GoalText).max(50);

const AnySession = z
  .object({ ...Named.shape, goals: Goals.optional(), objectives: Goals.optional(), topics: Goals.optional() })
  .transform(({ session_name, name, title, goals, objectives, topics }) => ({
    session_name: session_name ?? name ?? title ?? "",
    goals: goals ?? objectives ?? topics ?? [],
  }))
  .refine((session) => session.session_name !== "", "A session needs a name (session_name, name or title)");

/** One session of a plan in the one form used inside. */
export interface PlanSession {
  session_name: string;
  goals: string[];
}

/** What may be imported as a plan: sessions in `sessions`, else in `conversations`. Other fields are kept. */
export const Blueprint = z
  .looseObject({
    sessions: z.array(AnySession).max(100).nullish(),
    conversations: z.array(AnySession).max(100).nullish(),
  })
  .meta({ description: "A plan: `sessions` (else `conversations`), each with `session_name` and `goals`" });
export type Blueprint = z.infer<typeof Blueprint>;

/** The sessions of a stored blueprint; an empty list where there is none or it has another form. */
export function planSessions(blueprint: unknown): PlanSession[] {
  const parsed = Blueprint.safeParse(blueprint);
  if (!parsed.success) return [];
  const { sessions, conversations } = parsed.data;
  return sessions?.length ? sessions : (conversations ?? []);
}

const mostIds = 50;

/** How far one session of the plan is. A goal is covered only with segments that show it. */
export const ProgressEntry = z.object({
  session_name: z.string(),
  status: z.enum(["pending", "partial", "completed"]),
  goals: z.array(
    z.object({
      text: z.string(),
      covered: z.boolean(),
      /** The meeting where it was covered, with the segments that show it. */
      meetingId: z.string().nullable(),
      segmentIds: z.array(z.string()).max(mostIds),
    }),
  ),
  /** Of a session without goals: the meeting that held it, with the segments that show it. */
  held: z.object({ meetingId: z.string(), segmentIds: z.array(z.string()).max(mostIds) }).optional(),
});
export type ProgressEntry = z.infer<typeof ProgressEntry>;

/** Progress before anything was covered. */
export const freshProgress = (sessions: PlanSession[]): ProgressEntry[] =>
  sessions.map(({ session_name, goals }) => ({
    session_name,
    status: "pending",
    goals: goals.map((text) => ({ text, covered: false, meetingId: null, segmentIds: [] })),
  }));

/** A stored progress as it is; empty where it has another form. */
export const readProgress = (stored: unknown): ProgressEntry[] => z.array(ProgressEntry).safeParse(stored).data ?? [];

/**
 * A stored progress as the plan now has it, in the plan's order: sessions and goals added since are open, removed ones
 * are gone, but for completed sessions, which come first as what was done.
 */
export function currentProgress(stored: unknown, sessions: PlanSession[]): ProgressEntry[] {
  const known = new Map(readProgress(stored).map((entry) => [entry.session_name, entry]));
  const planned = freshProgress(sessions).map((fresh) => withKnown(fresh, known.get(fresh.session_name)));
  const names = new Set(sessions.map(({ session_name }) => session_name));
  const done = [...known.values()].filter(
    ({ session_name, status }) => status === "completed" && !names.has(session_name),
  );
  return [...done, ...planned];
}

function withKnown(fresh: ProgressEntry, known: ProgressEntry | undefined): ProgressEntry {
  if (known === undefined) return fresh;
  const goals = fresh.goals.map((goal) => known.goals.find(({ text }) => text === goal.text) ?? goal);
  const isGrown = fresh.goals.some(({ text }) => known.goals.every((goal) => goal.text !== text));
  const status = known.status === "completed" && isGrown ? "partial" : known.status;
  const entry = { ...known, goals, status };
  return { ...entry, status: statusOf(entry) };
}

/** the first session of the plan that is not completed, or null where all are. */
export const findNextSession = (progress: ProgressEntry[]): ProgressEntry | null =>
  progress.find((entry) => entry.status !== "completed") ?? null;

/** That a meeting brought a goal, by its place in the progress; `goal` is null for a session that has none. */
export interface GoalClaim {
  session: number;
  goal: number | null;
  segmentIds: string[];
}

interface MeetingWords {
  meetingId: string;
  segments: { id: string; speaker: "user" | "agent"; text: string }[];
}

/**
 * Progress after a meeting. A claim counts by segments of this meeting in which the person says something: the agent's
 * words alone show nothing. Places that the plan does not have are passed over, and what was covered before stays as it
 * is. `unshown` counts the claims that nothing shows.
 */
export function advanceProgress(
  progress: ProgressEntry[],
  claims: GoalClaim[],
  { meetingId, segments }: MeetingWords,
): { progress: ProgressEntry[]; unshown: number } {
  const evidence = evidenceIn(segments);
  const after = structuredClone(progress);
  let unshown = 0;
  for (const claim of claims) {
    const entry = after[claim.session];
    const goal = claim.goal === null ? null : entry?.goals[claim.goal];
    const isOpen = goal === null ? entry?.goals.length === 0 && !entry.held : goal?.covered === false;
    if (!entry || !isOpen) continue;
    const segmentIds = evidence(claim.segmentIds);
    if (segmentIds.length === 0) unshown += 1;
    else if (goal) Object.assign(goal, { covered: true, meetingId, segmentIds });
    else entry.held = { meetingId, segmentIds };
  }
  return { progress: after.map((entry) => ({ ...entry, status: statusOf(entry) })), unshown };
}

/** Of ids that are named, those of the meeting in order of time; none where the person has no word among them. */
function evidenceIn(segments: MeetingWords["segments"]) {
  const places = new Map(segments.map(({ id }, place) => [id, place]));
  const isUser = (place: number) => segments[place]?.speaker === "user" && segments[place].text.trim() !== "";
  return (ids: string[]) => {
    const named = [...new Set(ids)].flatMap((id) => places.get(id) ?? []);
    const [theirs, others] = [named.filter(isUser), named.filter((place) => !isUser(place))];
    const kept = theirs.length === 0 ? [] : [...theirs, ...others].slice(0, mostIds);
    return kept.toSorted((a, b) => a - b).flatMap((place) => segments[place]?.id ?? []);
  };
}

/** A session never goes back: one that was completed by hand or under an earlier plan stays so. */
function statusOf({ status, goals, held }: ProgressEntry): ProgressEntry["status"] {
  const isWhole = goals.length === 0 ? held !== undefined : goals.every(({ covered }) => covered);
  if (isWhole || status === "completed") return "completed";
  return goals.some(({ covered }) => covered) ? "partial" : status;
}

/** What a person has reached in several meetings, taken together. Sessions that only one of the two knows stay. */
export function mergeProgress(one: ProgressEntry[], other: ProgressEntry[]): ProgressEntry[] {
  const others = new Map(other.map((entry) => [entry.session_name, entry]));
  const names = new Set(one.map(({ session_name }) => session_name));
  const both = one.map((entry) => {
    const also = others.get(entry.session_name);
    return also === undefined ? entry : mergeEntries(entry, also);
  });
  return [...both, ...other.filter(({ session_name }) => !names.has(session_name))];
}

function mergeEntries(one: ProgressEntry, other: ProgressEntry): ProgressEntry {
  const known = new Map(other.goals.map((goal) => [goal.text, goal]));
  const goals = one.goals.map((goal) => (goal.covered ? goal : (known.get(goal.text) ?? goal)));
  const held = one.held ?? other.held;
  const status = other.status === "completed" ? other.status : one.status;
  const entry = { ...one, goals, status, ...(held === undefined ? {} : { held }) };
  return { ...entry, status: statusOf(entry) };
}
