import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, RunLiveEvent } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { CallData, MeetingData } from "../../pages/meetings/meeting-data.ts";
import { applyToConversation, isTurningPoint, withRun, withSpeaker } from "../conversation/live-conversation.ts";

type LiveCall = Pick<CallData, "title" | "run" | "call">;

/** What the feed tells of a meeting's call and of the work after it. */
function applyToCall<State extends LiveCall>(state: State, event: LiveEvent): State {
  switch (event.type) {
    case "meeting.changed": {
      const { startedAt, endedAt, agentState, agentMessage } = event.data;
      const call = {
        ...state.call,
        startedAt: momentOf(startedAt),
        endedAt: momentOf(endedAt),
        agentState,
        agentMessage,
      };
      return { ...state, call };
    }
    case "conversation.changed": {
      const { title = state.title } = event.data;
      return { ...state, title };
    }
    default:
      return isRunEvent(event) ? withRunOfCall(state, event) : state;
  }
}

function withRunOfCall<State extends LiveCall>(state: State, event: RunLiveEvent): State {
  const next = withRun(state, event);
  if (next === state) return state;
  const isNewWork = meetingViewOf(next.run) === "processing" && next.run.attempt > state.run.attempt;
  const hasBegun = meetingViewOf(next.run) === "processing" && meetingViewOf(state.run) !== "processing";
  if (!isNewWork && !hasBegun) return next;
  return { ...next, call: { ...next.call, processingSince: new Date(event.at) } };
}

const momentOf = (at: string | null) => (at === null ? null : new Date(at));

const mostCaptions = 20;

/** A call's page: its news, and the newest words beside it. */
export function applyToCallPage<State extends CallData>(state: State, event: LiveEvent): State {
  if (event.type === "speaker.renamed") return { ...state, speakers: withSpeaker(state.speakers, event.data) };
  if (event.type !== "segment.added") return applyToCall(state, event);
  const { id, speaker, label = speaker, text } = event.data;
  if (state.captions.some((caption) => caption.id === id)) return state;
  return { ...state, captions: [...state.captions, { id, label, text }].slice(-mostCaptions) };
}

/** A meeting's whole page: the call's news and those of any conversation. */
export const applyToMeeting = <State extends MeetingData>(state: State, event: LiveEvent): State =>
  applyToConversation(applyToCall(state, event), event);

/** Events after which the page's loader is asked again: they say that something is new, but not all of it. */
export const isTurnOfMeeting = (event: LiveEvent): boolean =>
  isTurningPoint(event) ||
  // Before its call a meeting may be given another time or agent.
  (event.type === "meeting.changed" && event.data.startedAt === null) ||
  (event.type === "conversation.changed" && event.data.title === undefined) ||
  (event.type === "run.created" && event.data.kind === "meeting");
