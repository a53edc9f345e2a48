import type { RunStatus } from "../run.ts";

/** A channel's job is the run of one video, told in the reference design's terms: status and stage by themselves (D-20). */
export const jobStatuses = ["pending", "processing", "completed", "failed"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** D-19. */
export const jobStages = [
  "queued",
  "downloading",
  "speech_detection",
  "ai_analysis",
  "audio_processing",
  "uploading",
  "completed",
  "failed",
] as const;
export type JobStage = (typeof jobStages)[number];

/** Which statuses of a run are which of a job. What was cancelled counts as failed, with the code `cancelled`. */
export const statusesOfJob: Record<JobStatus, readonly RunStatus[]> = {
  pending: ["pending"],
  processing: ["starting", "active", "processing"],
  completed: ["completed"],
  failed: ["failed", "cancelled"],
};

export function jobStatusOf(status: string): JobStatus {
  const found = jobStatuses.find((each) => statusesOfJob[each].some((known) => known === status));
  if (found === undefined) throw new Error(`No such status of a run: ${status}`);
  return found;
}

const stageOfRunStage: Record<string, JobStage> = {
  downloading: "downloading",
  transcode: "speech_detection",
  speech_detection: "speech_detection",
  diarization: "speech_detection",
  transcription: "ai_analysis",
  alignment: "ai_analysis",
  summary: "ai_analysis",
  decision: "ai_analysis",
  audio_processing: "audio_processing",
  uploading: "uploading",
  done: "completed",
};

/**
 * Where a job stands (D-17 to D-22, D-35 to D-40). The run's percent has the figures of the rows at the stages' borders
 * (domain/stages.ts). A job that failed keeps the stage at which it did, and its percent.
 */
export function jobStageOf(run: { status: string; stage: string; percent: number }): {
  stage: JobStage;
  progress: number;
} {
  if (run.status === "completed") return { stage: "completed", progress: 100 };
  // In line, also where it is tried again, or taken out of it and not begun.
  if (run.status === "pending" || run.percent === 0) return { stage: "queued", progress: 0 };
  return { stage: stageOfRunStage[run.stage] ?? "queued", progress: run.percent };
}
