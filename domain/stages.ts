/**
 * Every stage of every kind of run, in the one order that holds for all. A recording goes through its own (below);
 * a meeting is `upcoming`, in its `call`, and `drain`s late words; both end with `summary`, and a meeting with a plan
 * also with `progress`. Piece by piece, `alignment` goes hand in hand with `transcription`.
 */
export const stages = [
  "upload",
  "transcode",
  "diarization",
  "transcription",
  "alignment",
  "upcoming",
  "call",
  "drain",
  "summary",
  "progress",
  "done",
] as const;
export type Stage = (typeof stages)[number];

/** The stages of a recording's run, in order; an analysis has the last two. */
export const recordingStages = [
  "upload",
  "transcode",
  "diarization",
  "transcription",
  "alignment",
  "summary",
  "done",
] as const satisfies readonly Stage[];

/** The stages of a meeting after its call, in order; `progress` only where its agent has a plan. */
export const meetingStages = ["drain", "summary", "progress", "done"] as const satisfies readonly Stage[];

export const runKinds = ["recording", "analysis", "meeting"] as const;
export type RunKind = (typeof runKinds)[number];

type Spans = Partial<Record<Stage, readonly [number, number]>>;

/**
 * Which part of the whole (percent from, to) a stage covers: shares taken from measured medians of embedded
 * processing of 1 to 60 minute recordings. Transcription and alignment share one span, since they advance together.
 */
const recordingSpans: Spans = {
  upload: [0, 2],
  transcode: [2, 10],
  diarization: [10, 48],
  transcription: [48, 95],
  alignment: [48, 95],
  summary: [95, 100],
};

/** The captions of A-78 change at 30, 70 and 85 percent: at the borders of what these stages do. */
const meetingSpans: Spans = {
  upcoming: [0, 0],
  call: [0, 0],
  drain: [5, 30],
  summary: [30, 70],
  progress: [70, 95],
};

const spansOf: Record<RunKind, Spans> = { recording: recordingSpans, meeting: meetingSpans, analysis: {} };

/** Percent (0 to 100, whole number) of a run that stands at `fraction` (0 to 1) of `stage`. 100 only in `done`. */
export function percentAt(kind: RunKind, stage: Stage, fraction: number): number {
  if (stage === "done") return 100;
  const [from, to] = spansOf[kind][stage] ?? [0, 100];
  return Math.min(99, Math.floor(from + (to - from) * Math.min(1, Math.max(0, fraction))));
}

/** Whether `stage` lies before `other` in the order of the run; a retry skips the stages before the failed one. */
export const isBefore = (stage: Stage, other: Stage) => stages.indexOf(stage) < stages.indexOf(other);

/** What a person reads while the stage works; the reference design's own sentences where it has them (C-17 to C-23). */
export const stageMessage: Record<Stage, string> = {
  upload: "Audio received, starting processing",
  transcode: "Preparing the audio…",
  diarization: "Starting speaker diarization…",
  transcription: "Transcribing audio…",
  alignment: "Aligning transcript with speakers…",
  upcoming: "Upcoming",
  call: "In the call",
  drain: "Collecting the last words…",
  summary: "Writing the summary…",
  progress: "Looking at the plan…",
  done: "Processing completed",
};
