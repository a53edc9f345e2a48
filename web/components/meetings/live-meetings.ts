import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunLiveEvent } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { MeetingRow } from "#records/meetings/meeting-lists.ts";
import { shownOfRun } from "../runs/live-run.ts";
import { useLiveState } from "../shell/live-state.ts";
import type { Head } from "../shell/live-state.ts";

interface LoadedMeetings {
  items: readonly MeetingRow[];
  feeds: readonly Head[];
}
interface LiveMeetings extends LoadedMeetings {
  /** Meetings that the list does not show and that were made after it was read. */
  unseen?: readonly string[];
}

/**
 * The loader's rows with what the feed has told since. Rows keep their place: they change where they stand, and
 * meetings that are new are only counted until the reader asks for them. Give it the loader's own object.
 */
export function useLiveMeetings(loaded: LoadedMeetings) {
  const [{ items, unseen = [] }, onEvent] = useLiveState<LiveMeetings>(loaded, loaded.feeds, applyToMeetings);
  return { rows: items, unseen: unseen.length, onEvent };
}

export function applyToMeetings(state: LiveMeetings, event: LiveEvent): LiveMeetings {
  switch (event.type) {
    case "conversation.deleted": {
      const { conversationId } = event.data;
      return { ...state, items: state.items.filter(({ id }) => id !== conversationId) };
    }
    case "conversation.changed": {
      const { conversationId, title } = event.data;
      return title === undefined ? state : withRow(state, conversationId, { name: title });
    }
    case "meeting.changed": {
      const { conversationId, ...call } = event.data;
      const times = { scheduledAt: at(call.scheduledAt), startedAt: at(call.startedAt), endedAt: at(call.endedAt) };
      return withRow(state, conversationId, times);
    }
    default:
      return isRunEvent(event) ? withRun(state, event) : state;
  }
}

const at = (time: string | null) => (time === null ? null : new Date(time));

const withRow = (state: LiveMeetings, id: string, news: Partial<MeetingRow>): LiveMeetings => ({
  ...state,
  items: state.items.map((row) => (row.id === id ? { ...row, ...news } : row)),
});

function withRun(state: LiveMeetings, event: RunLiveEvent): LiveMeetings {
  const run = event.data;
  if (run.kind !== "meeting") return state;
  const known = state.items.find(({ runId }) => runId === run.runId);
  if (known === undefined) {
    const isNew = event.type === "run.created" && run.attempt === 1;
    return isNew ? { ...state, unseen: [...(state.unseen ?? []), run.runId] } : state;
  }
  return withRow(state, known.id, { ...shownOfRun(run), status: meetingViewOf(run) });
}
