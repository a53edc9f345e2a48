import type { EditPart } from "#domain/channels/judgement/edit-plan.ts";
import { runChild } from "../child.ts";
import type { Loudness } from "./loudness.ts";

export interface MixJob {
  /** What each source's parts are cut from. Intro and outro have the loudness of episodes already. */
  sources: Partial<Record<EditPart["source"], string | undefined>>;
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

export interface LevelJob {
  input: string;
  output: string;
  maxDurationSeconds: number;
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

/**
 * Decodes a whole sound that a stranger sent, brings it to the loudness of episodes, and writes it as an MP3: in a child as
 * above. Fails with `empty_file`, `not_audio`, `damaged_media`, `too_long` or `resource_limit`.
 */
export function levelSound({
  deadlineMs,
  maxRssMb,
  ...job
}: LevelJob & { deadlineMs: number; maxRssMb: number }): Promise<MixResult> {
  return runChild<MixResult>({
    module: new URL("./mix-child.ts", import.meta.url),
    method: "level",
    input: job satisfies LevelJob,
    deadlineMs,
    maxRssMb,
  });
}
