import type { EditPart } from "#domain/channels/judgement/edit-plan.ts";
import { runChild } from "../child.ts";
import type { Loudness } from "./loudness.ts";

export interface MixJob {
  /** What each source's parts are cut from. */
  sources: Partial<Record<EditPart["source"], string>>;
  parts: EditPart[];
  /** Where the MP3 is written. */
  output: string;
  maxDurationSeconds: number;
}

export interface MixResult {
  durationMs: number;
  /** Of the finished file, as players decode it. */
  loudness: Loudness;
}

/**
 * Cuts and joins sound by an edit plan, brings it to the loudness of podcasts, and writes an MP3: in a child process with
 * a deadline and a memory limit.
 */
export function mixEpisode({
  deadlineMs,
  maxRssMb,
  signal,
  onProgress,
  ...job
}: MixJob & {
  deadlineMs: number;
  maxRssMb: number;
  signal?: AbortSignal;
  onProgress?: (fraction: number) => void;
}): Promise<MixResult> {
  return runChild<MixResult, number>({
    module: new URL("./mix-child.ts", import.meta.url),
    method: "mix",
    input: job satisfies MixJob,
    deadlineMs,
    maxRssMb,
    signal,
    onProgress,
  });
}
