import type { RunKind, Stage } from "./stages.ts";

type Spans = Partial<Record<Stage, readonly [number, number]>>;

/**
 * Which part of the whole (percent from, to) a stage covers: shares taken from measured embedded processing of
 * ten minutes, in one channel and in two. Transcription and alignment share one span, since they advance together.
 */
const recordingSpans: Spans = {
  upload: [0, 2],
  transcode: [2, 15],
  diarization: [15, 36],
  transcription: [36, 96],
  alignment: [36, 96],
  summary: [96, 100],
};

/** The captions of A-78 change at 30, 70 and 85 percent: at the borders of what these stages do. */
const meetingSpans: Spans = {
  upcoming: [0, 0],
  call: [0, 0],
  drain: [5, 30],
  summary: [30, 70],
  progress: [70, 95],
};

// People do not wait for a percentage of a meeting.
const recorderSpans: Spans = { upcoming: [0, 0], joining: [0, 0], call: [0, 0], collect: [50, 100] };

/**
 * The figures of D-35 to D-40 at the borders of what the reference design calls a stage (domain/channels/job.ts);
 * within, they stay below the next one.
 */
const videoSpans: Spans = {
  downloading: [10, 29.9],
  transcode: [30, 34],
  speech_detection: [34, 38],
  diarization: [38, 49.9],
  transcription: [50, 67],
  alignment: [50, 67],
  summary: [67, 69],
  decision: [69, 69.9],
  audio_processing: [70, 89.9],
  uploading: [90, 99],
};

/** By pages, by videos put in line, and by their jobs that are over. */
const backfillSpans: Spans = { listing: [0, 10], queueing: [10, 60], following: [60, 99] };

const spansOf: Record<RunKind, Spans> = {
  recording: recordingSpans,
  meeting: meetingSpans,
  analysis: {},
  recorder: recorderSpans,
  video: videoSpans,
  backfill: backfillSpans,
  cut: { audio_processing: [0, 90], uploading: [90, 99] },
};

/** Percent (0 to 100, whole number) of a run that stands at `fraction` (0 to 1) of `stage`. 100 only in `done`. */
export function percentAt(kind: RunKind, stage: Stage, fraction: number): number {
  if (stage === "done") return 100;
  const [from, to] = spansOf[kind][stage] ?? [0, 100];
  return Math.min(99, Math.floor(from + (to - from) * Math.min(1, Math.max(0, fraction))));
}
