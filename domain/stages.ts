/**
 * The stages a run passes, in order, with their weights.
 *
 * Weights are shares of the whole (they sum to 100), taken from measured medians of embedded processing of
 * 1 to 60 minute recordings; `percentAt` turns "stage and fraction of it" into the one monotonic number people see.
 */
export const recordingStages = [
  "upload",
  "transcode",
  "diarization",
  "transcription",
  "alignment",
  "summary",
  "done",
] as const;

export const analysisStages = ["summary", "done"] as const;

export type RecordingStage = (typeof recordingStages)[number];
export type Stage = RecordingStage;
export type RunKind = "recording" | "analysis";

const recordingWeights: Record<RecordingStage, number> = {
  upload: 2,
  transcode: 8,
  diarization: 40,
  // Transcription and alignment advance together, piece by piece: alignment's own share is the publishing of segments.
  transcription: 43,
  alignment: 2,
  summary: 5,
  done: 0,
};

const weightsByKind: Record<RunKind, Partial<Record<Stage, number>>> = {
  recording: recordingWeights,
  analysis: { summary: 100, done: 0 },
};

export const stagesOf = (kind: RunKind): readonly Stage[] => (kind === "recording" ? recordingStages : analysisStages);

/** Percent (0 to 100, whole number) of a run that stands at `fraction` (0 to 1) of `stage`. 100 only in `done`. */
export function percentAt(kind: RunKind, stage: Stage, fraction: number): number {
  if (stage === "done") return 100;
  const weights = weightsByKind[kind];
  let before = 0;
  for (const each of stagesOf(kind)) {
    if (each === stage) break;
    before += weights[each] ?? 0;
  }
  const within = (weights[stage] ?? 0) * Math.min(1, Math.max(0, fraction));
  return Math.min(99, Math.floor(before + within));
}

/** What a person reads while the stage works. The reference design's own phrases where it has them (C-17 to C-23). */
export const stageMessage: Record<Stage, string> = {
  upload: "Audio received, starting processing",
  transcode: "Preparing the audio…",
  diarization: "Starting speaker diarization…",
  transcription: "Transcribing audio…",
  alignment: "Aligning transcript with speakers…",
  summary: "Writing the summary…",
  done: "Processing completed",
};
