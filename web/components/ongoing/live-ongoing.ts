import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunLiveEvent } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { OngoingMeeting } from "#records/meetings/ongoing-meetings.ts";

interface Ongoing {
  items: readonly OngoingMeeting[];
}

/** The list of ongoing meetings with what the workspaces' feeds have told since. */
export function applyToOngoing<State extends Ongoing>(state: State, event: LiveEvent): State {
  const change = (id: string, how: (meeting: OngoingMeeting) => OngoingMeeting): State => ({
    ...state,
    items: state.items.map((meeting) => (meeting.id === id ? how(meeting) : meeting)),
  });
  switch (event.type) {
    case "conversation.deleted":
      return without(state, event.data.conversationId);
    case "conversation.changed": {
      const { conversationId, title } = event.data;
      return title === undefined ? state : change(conversationId, (meeting) => ({ ...meeting, title }));
    }
    case "meeting.changed": {
      const { conversationId, startedAt } = event.data;
      if (startedAt === null) return state;
      return change(conversationId, (meeting) => ({ ...meeting, since: new Date(startedAt) }));
    }
    default:
      return isRunEvent(event) ? withRun(state, event) : state;
  }
}

function withRun<State extends Ongoing>(state: State, event: RunLiveEvent): State {
  const run = event.data;
  const id = run.conversationId;
  if (run.kind !== "meeting" || id === null) return state;
  const view = meetingViewOf(run);
  if (view !== "active" && view !== "processing") return without(state, id);
  const known = state.items.find((item) => item.id === id);
  const meeting = { id, title: run.title, view, since: known?.since ?? new Date(event.at) };
  if (known === undefined) return { ...state, items: [...state.items, meeting] };
  return { ...state, items: state.items.map((item) => (item === known ? meeting : item)) };
}

const without = <State extends Ongoing>(state: State, id: string): State =>
  state.items.some((meeting) => meeting.id === id)
    ? { ...state, items: state.items.filter((meeting) => meeting.id !== id) }
    : state;
