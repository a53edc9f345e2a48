import type { StatusFilter } from "#records/runs/run-lists.ts";

/** What people read for stages and states. */
const stages: Record<string, string> = {
  upload: "Upload",
  transcode: "Prepare the audio",
  diarization: "Tell the speakers apart",
  transcription: "Transcribe",
  alignment: "Match words and speakers",
  upcoming: "Wait for the call",
  joining: "Send the bot",
  collect: "Fetch the recording",
  call: "In the call",
  drain: "Collect the last words",
  summary: "Summarise",
  progress: "Look at the plan",
  downloading: "Download",
  speech_detection: "Find the speech",
  decision: "Judge what may go out",
  audio_processing: "Make the episode's audio",
  uploading: "Store the episode",
  listing: "Look for older videos",
  queueing: "Put videos in line",
  following: "Wait for the last videos",
  done: "Done",
};
export const stageLabel = (stage: string) => stages[stage] ?? stage;

export const isOver = (status: string) => status === "completed" || status === "failed" || status === "cancelled";

export const filterLabels: Record<StatusFilter, string> = {
  running: "Running",
  completed: "Ready",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** What people read where a call took place and nobody was there to hear it. */
export const notHeardLabel = "Not heard";

interface Shown {
  status: string;
  cancelRequested?: boolean;
  error?: { code: string } | null;
}

export function statusLabel({ status, cancelRequested, error }: Shown): string {
  if (status === "completed") return "Ready";
  if (status === "failed") return error?.code === "not_heard" ? notHeardLabel : "Failed";
  if (status === "cancelled") return "Cancelled";
  if (cancelRequested) return "Cancelling";
  return status === "pending" ? "Waiting" : "Running";
}

/** Who wrote a summary: the built-in reader, which quotes, or a model by its name. */
export const summariserLabel = (model: string) => (model === "extractive" ? "the built-in reader, in quotes" : model);
