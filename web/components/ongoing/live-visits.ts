import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunEventData, RunLiveEvent } from "#domain/live.ts";
import { isBefore } from "#domain/stages.ts";
import type { Stage } from "#domain/stages.ts";
import type { OngoingVisit } from "#records/meetings/ongoing-meetings.ts";
import { isOver } from "../runs/run-labels.ts";

interface Visits {
  visits: readonly OngoingVisit[];
  /** Topics of the workspaces in which the reader may stop bots. */
  writable: readonly string[];
}

/** The bots on their way to or in meetings, with what the workspaces' feeds have told since. */
export function applyToVisits<State extends Visits>(state: State, event: LiveEvent): State {
  if (!isRunEvent(event)) return state;
  const run = event.data;
  if (run.kind !== "recorder") return state;
  const known = state.visits.find(({ runId }) => runId === run.runId);
  // One that waits for its hour is not under way, and neither is one that is tried anew.
  if (isOver(run.status) || run.status === "pending") return known === undefined ? state : without(state, known);
  const visit = known === undefined ? begun(state, run, event) : moved(known, run, event);
  const visits =
    known === undefined ? [...state.visits, visit] : state.visits.map((each) => (each === known ? visit : each));
  return { ...state, visits };
}

const begun = ({ writable }: Visits, run: RunEventData, { at, topic }: RunLiveEvent): OngoingVisit => ({
  runId: run.runId,
  title: run.title,
  stage: run.stage,
  message: run.message,
  since: new Date(at),
  stopping: run.cancelRequested,
  canStop: writable.includes(topic),
  eventId: null,
});

const moved = (
  known: OngoingVisit,
  { title, stage, message, cancelRequested }: RunEventData,
  { at }: RunLiveEvent,
): OngoingVisit => ({
  ...known,
  title,
  stage,
  message,
  since: isBefore("recorder", known.stage as Stage, "call") && stage === "call" ? new Date(at) : known.since,
  stopping: known.stopping || cancelRequested,
});

const without = <State extends Visits>(state: State, visit: OngoingVisit): State => ({
  ...state,
  visits: state.visits.filter((each) => each !== visit),
});
