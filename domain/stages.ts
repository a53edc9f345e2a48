export const runKinds = ["recording", "analysis", "meeting", "recorder", "video", "backfill", "cut"] as const;
export type RunKind = (typeof runKinds)[number];

/** Whether a run of this kind transcribes a file, with all that its heavy work means: turns, a line, decoded sound. */
export const transcribesMedia = (kind: string): boolean => kind === "recording" || kind === "video";

const orders = {
  // Piece by piece, alignment goes hand in hand with transcription.
  recording: ["upload", "transcode", "diarization", "transcription", "alignment", "summary", "done"],
  analysis: ["summary", "done"],
  // `progress` only where its agent has a plan.
  meeting: ["upcoming", "call", "drain", "summary", "progress", "done"],
  // Ends with a recording, whose own run does the rest.
  recorder: ["upcoming", "joining", "call", "collect", "done"],
  video: [
    "downloading",
    "transcode",
    "speech_detection",
    "diarization",
    "transcription",
    "alignment",
    "summary",
    "decision",
    "audio_processing",
    "uploading",
    "done",
  ],
  backfill: ["listing", "queueing", "following", "done"],
  // Another cut of an episode that is there.
  cut: ["audio_processing", "uploading", "done"],
} as const satisfies Record<RunKind, readonly string[]>;
export type Stage = (typeof orders)[RunKind][number];

/** The stages that a run of each kind goes through, in order. */
export const stagesOf: Record<RunKind, readonly Stage[]> = orders;

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

/**
 * Whether `stage` lies before `other` in the order of this kind of run; a retry skips the stages before the failed one.
 * A stage that the kind does not have lies before all that it has. Open workflows are replayed with this: what it
 * answers for a kind's own stages stays as it is.
 */
export const isBefore = (kind: RunKind, stage: Stage, other: Stage) =>
  stagesOf[kind].indexOf(stage) < stagesOf[kind].indexOf(other);

/** What a person reads while the stage works; the reference design's own sentences where it has them (C-17 to C-23). */
export const stageMessage: Record<Stage, string> = {
  upload: "Audio received, starting processing",
  transcode: "Preparing the audio…",
  diarization: "Starting speaker diarization…",
  transcription: "Transcribing audio…",
  alignment: "Aligning transcript with speakers…",
  upcoming: "Upcoming",
  joining: "Sending the bot…",
  call: "In the call",
  collect: "Fetching the recording…",
  drain: "Collecting the last words…",
  summary: "Writing the summary…",
  progress: "Looking at the plan…",
  downloading: "Downloading…",
  speech_detection: "Finding where somebody speaks…",
  decision: "Judging what may go out…",
  audio_processing: "Making the episode's audio…",
  uploading: "Storing the episode…",
  listing: "Looking for older videos…",
  queueing: "Putting videos in line…",
  following: "Waiting for the last videos…",
  done: "Processing completed",
};
