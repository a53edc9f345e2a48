import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunEventData } from "#domain/live.ts";
import { shownOfRun } from "./live-run.ts";
import { useLiveState } from "../shell/live-state.ts";
import type { Head } from "../shell/live-state.ts";
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
  const [{ items, unseen = [] }, onEvent] = useLiveState<LiveRuns>(loaded, loaded.feeds, applyToRuns);
  return { rows: items, unseen: unseen.length, onEvent };
}

export function applyToRuns(state: LiveRuns, event: LiveEvent): LiveRuns {
  if (event.type === "conversation.deleted") {
    const { conversationId } = event.data;
    return { ...state, items: state.items.filter((row) => row.conversationId !== conversationId) };
  }
  if (event.type === "conversation.changed") {
    const { conversationId, title } = event.data;
    if (title === undefined) return state;
    const renamed = (row: RunListItem) => (row.conversationId === conversationId ? { ...row, title } : row);
    return { ...state, items: state.items.map(renamed) };
  }
  if (!isRunEvent(event)) return state;
  const run = event.data;
  if (state.items.some((row) => row.id === run.runId)) {
    return { ...state, items: state.items.map((row) => (row.id === run.runId ? told(row, run) : row)) };
  }
  const isNew = event.type === "run.created" && run.attempt === 1 && run.kind === "recording";
  return isNew ? { ...state, unseen: [...(state.unseen ?? []), run.runId] } : state;
}

function told(row: RunListItem, run: RunEventData): RunListItem {
  const { error, ...shown } = shownOfRun(run);
  return { ...row, ...shown, errorMessage: error?.message ?? null };
}
