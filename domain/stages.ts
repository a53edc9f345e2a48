/** The stages of a recording's run, in order; an analysis has the last two. Piece by piece, `alignment` goes hand in hand with `transcription`. */
export const recordingStages = [
  "upload",
  "transcode",
  "diarization",
  "transcription",
  "alignment",
  "summary",
  "done",
] as const;

export type Stage = (typeof recordingStages)[number];

export const runKinds = ["recording", "analysis"] as const;
export type RunKind = (typeof runKinds)[number];

/**
 * Which part of the whole (percent from, to) a stage covers: shares taken from measured medians of embedded
 * processing of 1 to 60 minute recordings. Transcription and alignment share one span, since they advance together.
 */
const recordingSpans: Record<Stage, readonly [number, number]> = {
  upload: [0, 2],
  transcode: [2, 10],
  diarization: [10, 48],
  transcription: [48, 95],
  alignment: [48, 95],
  summary: [95, 100],
  done: [100, 100],
};

/** Percent (0 to 100, whole number) of a run that stands at `fraction` (0 to 1) of `stage`. 100 only in `done`. */
export function percentAt(kind: RunKind, stage: Stage, fraction: number): number {
  if (stage === "done") return 100;
  const [from, to] = kind === "recording" ? recordingSpans[stage] : [0, 100];
  return Math.min(99, Math.floor(from + (to - from) * Math.min(1, Math.max(0, fraction))));
}

/** Whether `stage` lies before `other` in the order of the run; a retry skips the stages before the failed one. */
export const isBefore = (stage: Stage, other: Stage) => recordingStages.indexOf(stage) < recordingStages.indexOf(other);

/** What a person reads while the stage works; the reference design's own sentences where it has them (C-17 to C-23). */
export const stageMessage: Record<Stage, string> = {
  upload: "Audio received, starting processing",
  transcode: "Preparing the audio…",
  diarization: "Starting speaker diarization…",
  transcription: "Transcribing audio…",
  alignment: "Aligning transcript with speakers…",
  summary: "Writing the summary…",
  done: "Processing completed",
};
