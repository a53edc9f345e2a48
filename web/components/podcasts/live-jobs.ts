import { jobStageOf, jobStatusOf } from "#domain/channels/job.ts";
import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunLiveEvent } from "#domain/live.ts";
import type { JobView } from "#records/channels/jobs.ts";
import { isOver } from "../runs/run-labels.ts";
import type { ToastNotice } from "../shell/toast-queue.ts";

interface Jobs {
  /** The jobs that are not over, each once, by its id. */
  active: readonly JobView[];
}

/** The jobs at work, with what their channel's feed has told since: news put one in, or in its own place; its end drops it. */
export function applyToJobs<State extends Jobs>(state: State, event: LiveEvent): State {
  if (event.type === "conversation.deleted") {
    const { conversationId } = event.data;
    return { ...state, active: state.active.filter(({ videoId }) => videoId !== conversationId) };
  }
  if (!isRunEvent(event) || event.data.kind !== "video") return state;
  const { runId, status } = event.data;
  const known = state.active.find(({ id }) => id === runId);
  if (isOver(status)) {
    return known === undefined ? state : { ...state, active: state.active.filter((job) => job !== known) };
  }
  const job = jobOf(event, known);
  const active =
    known === undefined ? [...state.active, job] : state.active.map((each) => (each === known ? job : each));
  return { ...state, active };
}

function jobOf({ data: run, at }: RunLiveEvent, known: JobView | undefined): JobView {
  const toldAt = new Date(at);
  return {
    id: run.runId,
    videoId: run.conversationId ?? "",
    videoTitle: run.title,
    status: jobStatusOf(run.status),
    ...jobStageOf(run),
    message: run.message,
    attempt: run.attempt,
    cancelRequested: run.cancelRequested,
    error: null,
    createdAt: known?.createdAt ?? toldAt,
    updatedAt: toldAt,
  };
}

const turns: readonly string[] = [
  "run.created",
  "run.completed",
  "run.failed",
  "run.cancelled",
  "episode.ready",
  "episode.changed",
  "video.discovered",
  "backfill.started",
  "backfill.completed",
  "channel.changed",
  "conversation.deleted",
];

/** Events after which a channel's page is read anew: they say that something is new, but not all of it. */
export const isTurnOfChannel = (event: LiveEvent): boolean =>
  turns.includes(event.type) || (isRunEvent(event) && event.data.kind === "backfill");

/** Events of a workspace after which the list of channels is read anew. */
export const isNewsOfList = (event: LiveEvent): boolean =>
  isRunEvent(event)
    ? event.data.kind === "video" && turns.includes(event.type)
    : event.type === "channel.changed" || event.type === "channel.deleted";

/** The notice of a job that failed; null for all other news. A person who cancels one knows of it. Of a backfill's jobs
 *  its own notice tells at its end. */
export function failureNotice(event: LiveEvent): ToastNotice | null {
  if (event.type !== "run.failed" || event.data.kind !== "video") return null;
  const { runId, attempt, title, error, backfillId } = event.data;
  if (backfillId !== undefined) return null;
  return {
    id: `${runId}:${attempt}`,
    type: event.type,
    title: `“${title}” failed`,
    body: error?.message ?? "",
    link: null,
  };
}
