import { isRunEvent } from "#domain/live.ts";
import type { LiveEvent, LiveEventData, RunEventData, RunLiveEvent, SegmentEventData } from "#domain/live.ts";
import { labelOf, mergedNames, nameOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { shownOfRun } from "../runs/live-run.ts";
import { isOver } from "../runs/run-labels.ts";

/** Events after which the loader is asked again, since they tell that something is new but not all of it. */
export const isTurningPoint = ({ type, data }: LiveEvent) =>
  type === "result.ready" ||
  type === "run.completed" ||
  type === "run.failed" ||
  type === "run.cancelled" ||
  type === "speakers.merged" ||
  type === "speakers.unmerged" ||
  (type === "run.created" && data.kind === "analysis");

/** What the feed tells of any conversation: a recording's page and a meeting's hold at least this. */
export type LiveConversation = Pick<RecordingData, "title" | "segments" | "speakers" | "analysis" | "run">;

export function applyToConversation<State extends LiveConversation>(state: State, event: LiveEvent): State {
  switch (event.type) {
    case "segment.added":
      return { ...state, segments: withSegment(state.segments, event.data) };
    case "speaker.renamed":
      return withName(state, event.data);
    case "segments.reassigned":
      return { ...state, segments: withReassigned(state.segments, event.data) };
    case "segment.corrected":
      return { ...state, segments: withCorrected(state.segments, event.data) };
    case "speakers.merged":
      return withMerged(state, event.data);
    case "conversation.changed": {
      const { title = state.title, ...news } = event.data;
      return { ...state, title, ...("recordedAt" in news ? { recordedAt: news.recordedAt } : {}) };
    }
    case "action_item.changed": {
      if (state.analysis === null) return state;
      const { id, done } = event.data;
      const actionItems = state.analysis.actionItems.map((item) => (item.id === id ? { ...item, done } : item));
      return { ...state, analysis: { ...state.analysis, actionItems } };
    }
    default:
      return isRunEvent(event) ? withRun(state, event) : state;
  }
}

export const withSpeaker = (
  speakers: LiveConversation["speakers"],
  { label, displayName }: LiveEventData["speaker.renamed"],
) => [...speakers.filter((speaker) => speaker.label !== label), { label, displayName: displayName || null }];

function withReassigned(segments: Segment[], { segmentIds, label }: LiveEventData["segments.reassigned"]): Segment[] {
  const moved = new Set(segmentIds);
  return segments.map((segment) => (moved.has(segment.id) ? { ...segment, label } : segment));
}

function withCorrected(
  segments: Segment[],
  { segmentId, text, originalText }: LiveEventData["segment.corrected"],
): Segment[] {
  return segments.map((segment) => {
    if (segment.id !== segmentId) return segment;
    const { originalText: _originalText, ...rest } = segment;
    return { ...rest, text, ...(originalText === null ? {} : { originalText }) };
  });
}

function withMerged<State extends LiveConversation>(state: State, pair: LiveEventData["speakers.merged"]): State {
  const { label, into } = pair;
  const speakers = [
    ...state.speakers.filter((speaker) => speaker.label !== label && speaker.label !== into),
    ...mergedNames(state.speakers, pair),
  ];
  const segments = state.segments.map((segment) =>
    labelOf(segment) === label ? { ...segment, label: into } : segment,
  );
  return [label, into].reduce<State>(
    (next, before) => withOwner(next, nameOf(state.speakers, before), nameOf(speakers, into)),
    { ...state, speakers, segments },
  );
}

/** Its tasks follow, as in the rows. */
function withName<State extends LiveConversation>(state: State, named: LiveEventData["speaker.renamed"]): State {
  const speakers = withSpeaker(state.speakers, named);
  return withOwner({ ...state, speakers }, nameOf(state.speakers, named.label), nameOf(speakers, named.label));
}

function withOwner<State extends LiveConversation>(state: State, from: string, to: string): State {
  if (state.analysis === null || state.speakers.some(({ displayName }) => displayName === from)) return state;
  const actionItems = state.analysis.actionItems.map((item) => (item.owner === from ? { ...item, owner: to } : item));
  return { ...state, analysis: { ...state.analysis, actionItems } };
}

// Pieces come in order, so the place is nearly always the end.
function withSegment(segments: Segment[], added: SegmentEventData): Segment[] {
  if (segments.some(({ id }) => id === added.id)) return segments;
  const at = segments.findLastIndex(({ start }) => start <= added.start) + 1;
  return segments.toSpliced(at, 0, added);
}

/** The run as an event of the feed tells it; events of other runs change nothing. */
export function withRun<State extends Pick<LiveConversation, "run">>(state: State, event: RunLiveEvent): State {
  const news = event.data;
  if (state.run === null || news.runId !== state.run.id) return state;
  const run = {
    ...state.run,
    ...shownOfRun(news),
    finishedAt: isOver(news.status) ? new Date(event.at) : null,
    stages: stagesAt(state.run, news, new Date(event.at)),
  };
  return { ...state, run };
}

type Run = NonNullable<RecordingData["run"]>;

// Transcription and alignment go hand in hand, so the one stays open while the other is.
const isHandInHand = (stage: string, next: string) => stage === "transcription" && next === "alignment";

function stagesAt(run: Run, { stage, status }: RunEventData, at: Date): Run["stages"] {
  // Who ends or waits to be tried again begins nothing, and what was under way then is not completed.
  if (status === "failed" || status === "cancelled" || status === "pending") return run.stages;
  const closed = run.stages.map((row) => {
    if (row.stage === stage && row.status === "failed") {
      return { ...row, status: "active", tries: row.tries + 1, startedAt: at, finishedAt: null };
    }
    return row.status === "active" && row.stage !== stage && !isHandInHand(row.stage, stage)
      ? { ...row, status: "completed", finishedAt: at }
      : row;
  });
  if (stage === "done" || closed.some((row) => row.stage === stage)) return closed;
  const opened = { runId: run.id, stage, status: "active", tries: 1, message: "", startedAt: at, finishedAt: null };
  return [...closed, opened];
}
