import type { LiveEvent, RunEventData } from "#domain/live.ts";
import { useLiveState } from "./live-state.ts";
import type { Head } from "./live-state.ts";
import type { RunListItem } from "./run-list.tsx";

interface LoadedRuns {
  items: readonly RunListItem[];
  feeds: readonly Head[];
}
interface LiveRuns extends LoadedRuns {
  /** Runs that the list does not show and that began after it was read. */
  unseen?: readonly string[];
}

/**
 * The loader's rows with what the feed has told since. Rows keep their place: they change where they stand, and
 * runs that are new are only counted until the reader asks for them. Give it the loader's own object.
 */
export function useLiveRuns(loaded: LoadedRuns) {
  const [{ items, unseen = [] }, onEvent] = useLiveState<LiveRuns>(loaded, loaded.feeds, patch);
  return { rows: items, unseen: unseen.length, onEvent };
}

function patch(state: LiveRuns, event: LiveEvent): LiveRuns {
  if (event.type === "conversation.deleted") {
    const { conversationId } = event.data as { conversationId: string };
    return { ...state, items: state.items.filter((row) => row.conversationId !== conversationId) };
  }
  if (event.type === "conversation.changed") {
    const { conversationId, title } = event.data as { conversationId: string; title: string };
    const renamed = (row: RunListItem) => (row.conversationId === conversationId ? { ...row, title } : row);
    return { ...state, items: state.items.map(renamed) };
  }
  if (!event.type.startsWith("run.")) return state;
  const run = event.data as RunEventData;
  if (state.items.some((row) => row.id === run.runId)) {
    return { ...state, items: state.items.map((row) => (row.id === run.runId ? told(row, run, event) : row)) };
  }
  const isNew = event.type === "run.created" && run.attempt === 1 && run.kind === "recording";
  return isNew ? { ...state, unseen: [...(state.unseen ?? []), run.runId] } : state;
}

const told = (row: RunListItem, run: RunEventData, { type }: LiveEvent): RunListItem => ({
  ...row,
  status: run.status,
  stage: run.stage,
  percent: run.percent,
  message: run.message,
  errorMessage: run.error?.message ?? null,
  cancelRequested: type === "run.cancel_requested" || (row.cancelRequested && type !== "run.created"),
});
