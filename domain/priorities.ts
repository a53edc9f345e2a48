import type { RunKind } from "./stages.ts";

/**
 * In which order work is taken that waits for the same workers: the lowest first, by Temporal's own keys from 1 to 5.
 * What nobody gives one has Temporal's default, 3.
 */
export const priorities = {
  /** A call goes on now. */
  live: 2,
  /** Somebody has just sent a file, and waits. */
  upload: 3,
  /** Found at a channel's source. */
  channel: 4,
  /** Asked of a provider because time has passed, not because anything was told. */
  poll: 4,
  /** Of a channel's past. */
  backfill: 5,
} as const;
export type Priority = (typeof priorities)[keyof typeof priorities];

/** What a run has that is ordered without a priority of its own. */
export const priorityOfKind: Record<RunKind, Priority> = {
  meeting: priorities.live,
  recorder: priorities.live,
  recording: priorities.upload,
  analysis: priorities.upload,
  cut: priorities.upload,
  video: priorities.channel,
  backfill: priorities.backfill,
};
