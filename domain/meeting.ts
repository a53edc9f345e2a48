import type { RunStatus } from "./run.ts";

/** the six statuses at the edge. `starting` shows as `active`; `pending` is `upcoming`. */
export const meetingStatuses = ["upcoming", "active", "processing", "completed", "failed", "cancelled"] as const;
export type MeetingStatus = (typeof meetingStatuses)[number];

const statusAtTheEdge: Record<RunStatus, MeetingStatus> = {
  pending: "upcoming",
  starting: "active",
  active: "active",
  processing: "processing",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
};
export const meetingStatusOf = (status: RunStatus): MeetingStatus => statusAtTheEdge[status];

/**
 * What is known of a meeting's call, in milliseconds since the epoch, by the clock of whoever carried it. Facts only
 * ever join, by taking the earliest or the latest, so deliveries may come twice, late and in any order and end in the
 * same facts. What is not known is null.
 */
export interface CallFacts {
  /** When the first session began: the meeting's `startedAt`. */
  startedAt: number | null;
  /** When the newest session began: an end before it is the end of an earlier session. */
  lastStartedAt: number | null;
  /** When the newest end told of came; kept also while no start is known. */
  endedAt: number | null;
  /** When the last person left by the page's button, by our clock. */
  leftAt: number | null;
  /** When the meeting reached the longest time allowed, by our clock. */
  cutOffAt: number | null;
}

export const noCall: CallFacts = { startedAt: null, lastStartedAt: null, endedAt: null, leftAt: null, cutOffAt: null };

/** Something that happened to the call. `at`: milliseconds since the epoch. */
export type CallEvent =
  | { type: "callStarted"; at: number }
  | { type: "callEnded"; at: number }
  | { type: "lastPersonLeft"; at: number }
  | { type: "cutOff"; at: number };

/** Adds one event to the facts. Commutative, associative and idempotent; gives back the same object for no news. */
export function mergeCallFacts(facts: CallFacts, { type, at }: CallEvent): CallFacts {
  const next = { ...facts };
  switch (type) {
    case "callStarted":
      next.startedAt = earliest(facts.startedAt, at);
      next.lastStartedAt = latest(facts.lastStartedAt, at);
      break;
    case "callEnded":
      next.endedAt = latest(facts.endedAt, at);
      break;
    case "lastPersonLeft":
      next.leftAt = latest(facts.leftAt, at);
      break;
    case "cutOff":
      next.cutOffAt = earliest(facts.cutOffAt, at);
      break;
    default:
      return type satisfies never;
  }
  return Object.entries(next).every(([name, value]) => facts[name as keyof CallFacts] === value) ? facts : next;
}

/** Whether the call is known to have taken place. An end alone does not show that anybody ever was in it. */
export const hasBegun = ({ startedAt }: CallFacts) => startedAt !== null;

/** Whether the call took place and is over, by whichever of its ends came first. */
export function isOver(facts: CallFacts): boolean {
  if (facts.startedAt === null || facts.lastStartedAt === null) return false;
  if (facts.cutOffAt !== null) return true;
  return Math.max(facts.endedAt ?? -Infinity, facts.leftAt ?? -Infinity) >= facts.lastStartedAt;
}

/** The call's end, by the provider's clock where it told one; null while it lasts. */
export const endOf = (facts: CallFacts): number | null =>
  isOver(facts) ? (facts.endedAt ?? facts.leftAt ?? facts.cutOffAt) : null;

/** The whole summary of a meeting without a word. */
export const nothingSaid = "Nothing was said in this meeting.";

const earliest = (known: number | null, at: number) => (known === null ? at : Math.min(known, at));
const latest = (known: number | null, at: number) => (known === null ? at : Math.max(known, at));
