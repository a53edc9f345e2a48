import type { JobStage } from "#domain/channels/job.ts";

/** What people read for a job's stage. */
export const jobStageWords: Record<JobStage, string> = {
  queued: "In line",
  downloading: "Download",
  speech_detection: "Find the speech",
  ai_analysis: "Transcribe and analyse",
  audio_processing: "Make the audio",
  uploading: "Store the episode",
  completed: "Done",
  failed: "Failed",
};

interface Stood {
  stage: JobStage;
  progress: number;
}

/** How far a job is, as it is said aloud. */
export const progressWords = ({ stage, progress }: Stood) => `${progress} percent, ${jobStageWords[stage]}`;
