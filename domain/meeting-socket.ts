import type { LiveEvent, RunLiveEvent } from "./live.ts";
import { waitingForSound } from "./run.ts";
import { stageMessage, stagesOf } from "./stages.ts";
import type { Segment } from "./transcript.ts";

/**
 * The messages of `/ws/meeting/{id}` (C-26 to C-34). Outer timestamps are ISO 8601 in UTC, the segment's is seconds
 * into the recording. A message with `seq` says: you have everything up to this number of the feed.
 */
export type MeetingMessage =
  | { type: "connected"; meeting_id: string; message: string; timestamp: string; seq?: number }
  | {
      type: "status";
      status: "processing" | "completed" | "cancelled";
      details: { message: string; stage: string };
      timestamp: string;
      seq?: number;
    }
  | {
      type: "transcript";
      segment: { id: string; speaker: string; text: string; timestamp: number };
      timestamp: string;
      seq?: number;
    }
  | { type: "summary"; summary: string; action_items: string[]; timestamp: string; seq?: number }
  | { type: "error"; error: string; timestamp: string; seq?: number }
  | { type: "pong"; timestamp: string };

/** The stages that have a status of their own, in order (C-24). Other stages of a run are not told of here. */
const sentStages = ["upload", "diarization", "transcription", "alignment"] as const;
type SentStage = (typeof sentStages)[number];

const isSentStage = (stage: string): stage is SentStage => sentStages.some((sent) => sent === stage);

/** How the server ends a connection that it had accepted. */
export const meetingCloseCodes = {
  signedOut: 4401,
  accessLost: 4403,
  deleted: 4404,
  tooSlow: 4408,
  restarting: 1001,
  flood: 1008,
} as const;

/** What a client has been told, so that a stage that is tried again is not announced again. */
export interface SentStages {
  attempt: number;
  stages: readonly SentStage[];
}
export const noStagesSent: SentStages = { attempt: 0, stages: [] };

/** What a late client needs of a conversation's snapshot. */
export interface MeetingHistory {
  run: { status: string; stage: string; message?: string; attempt: number; error: { message: string } | null } | null;
  segments: readonly Segment[];
  analysis: { summary: { text: string }; actionItems: readonly { text: string }[] } | null;
}

export const connected = (meetingId: string, timestamp: string): MeetingMessage => ({
  type: "connected",
  meeting_id: meetingId,
  message: "Connected to real-time meeting updates",
  timestamp,
});

/** The messages that bring a late client up to date, in the order in which an early one had them. */
export function renderHistory(
  { run, segments, analysis }: MeetingHistory,
  timestamp: string,
): { messages: MeetingMessage[]; sent: SentStages } {
  const stages = run === null || isWithoutSound(run) ? [] : stagesUpTo(run.stage);
  const messages: MeetingMessage[] = stages.map((stage) => stageStatus(stage, timestamp));
  messages.push(...segments.map((segment) => transcript(segment, timestamp)));
  if (analysis !== null) messages.push(summary(analysis.summary.text, analysis.actionItems, timestamp));
  const end = run === null ? null : ending(run.status, run.stage, run.error?.message, timestamp);
  if (end !== null) messages.push(end);
  return { messages, sent: { attempt: run?.attempt ?? 0, stages } };
}

/** The message that an event is to somebody who has been sent `sent`; null for an event that has none here. */
export function renderEvent(event: LiveEvent, sent: SentStages): { message: MeetingMessage | null; sent: SentStages } {
  const same = (message: MeetingMessage | null) => ({ message, sent });
  switch (event.type) {
    case "run.created":
    case "run.started":
    case "run.stage":
      return renderStage(event, sent);
    case "run.completed":
    case "run.failed":
    case "run.cancelled": {
      const run = event.data;
      // A new reading of the transcript is a run of its own; here only its result is news.
      if (run.kind === "analysis") return same(null);
      return same(withSeq(ending(run.status, run.stage, run.error?.message, event.at), event.seq));
    }
    case "segment.added":
      return same(withSeq(transcript(event.data, event.at), event.seq));
    case "result.ready": {
      const result = event.data;
      return same(withSeq(summary(result.summary.text, result.actionItems, event.at), event.seq));
    }
    default:
      return same(null);
  }
}

function renderStage({ data: run, at, seq }: RunLiveEvent, sent: SentStages) {
  if (run.kind === "analysis" || isWithoutSound(run)) return { message: null, sent };
  const known: SentStages = run.attempt === sent.attempt ? sent : { attempt: run.attempt, stages: [] };
  // A later attempt begins where the one before failed, not with another upload.
  const isNews =
    isSentStage(run.stage) && !known.stages.includes(run.stage) && !(run.stage === "upload" && run.attempt > 1);
  if (!isNews) return { message: null, sent: known };
  return {
    message: withSeq(stageStatus(run.stage as SentStage, at), seq),
    sent: { ...known, stages: [...known.stages, run.stage as SentStage] },
  };
}

// "Audio received" is said once there is some.
const isWithoutSound = ({ stage, message }: { stage: string; message?: string }) =>
  stage === "upload" && message === waitingForSound;

const positionOf = (stage: string) => stagesOf.recording.findIndex((each) => each === stage);
const stagesUpTo = (stage: string) => sentStages.filter((sent) => positionOf(sent) <= positionOf(stage));

const stageStatus = (stage: SentStage, timestamp: string): MeetingMessage => ({
  type: "status",
  status: "processing",
  details: { message: stageMessage[stage], stage },
  timestamp,
});

const transcript = ({ id, speaker, text, start }: Segment, timestamp: string): MeetingMessage => ({
  type: "transcript",
  segment: { id, speaker, text, timestamp: start },
  timestamp,
});

const summary = (text: string, items: readonly { text: string }[], timestamp: string): MeetingMessage => ({
  type: "summary",
  summary: text,
  action_items: items.map((item) => item.text),
  timestamp,
});

function ending(status: string, stage: string, error: string | undefined, timestamp: string): MeetingMessage | null {
  if (status === "failed") return { type: "error", error: error ?? "Processing failed", timestamp };
  if (status === "completed") {
    return { type: "status", status, details: { message: stageMessage.done, stage: "done" }, timestamp };
  }
  if (status === "cancelled") return { type: "status", status, details: { message: "Cancelled", stage }, timestamp };
  return null;
}

const withSeq = (message: MeetingMessage | null, seq: number): MeetingMessage | null =>
  message === null ? null : ({ ...message, seq } as MeetingMessage);
