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
