import type { LiveEvent, RunEventData } from "../live.ts";
import { isRunEvent } from "../live.ts";
import { jobStageOf } from "./job.ts";
import type { JobStage } from "./job.ts";

/** Data of `job:progress` (D-59), with the feed's number of what it tells of and the job's attempt. */
interface JobProgressEvent {
  jobId: string;
  videoId: string;
  stage: JobStage;
  /** 0 to 100. */
  progress: number;
  message: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  seq: number;
  attempt: number;
  backfillId?: string;
}

/** Of what a backfill put in line: its id. */
interface OfBackfill {
  backfillId?: string;
}

/** What the room of a channel is told, by the reference design's names (D-59 to D-65). */
export interface ChannelRoomEvents {
  "job:progress": JobProgressEvent;
  "job:completed": { jobId: string; episodeId: string; published: boolean; seq: number } & OfBackfill;
  "job:failed": { jobId: string; error: string; stage: JobStage; seq: number; attempt: number } & OfBackfill;
  "video:discovered": { videoId: string; title: string; publishedAt: string | null; seq: number } & OfBackfill;
  "backfill:started": { backfillId: string; totalVideos: number; since: string; seq: number };
  "backfill:completed": { backfillId: string; totalFound: number; totalEnqueued: number; seq: number };
  "backfill:failed": { backfillId: string; error: string; seq: number };
}

export type ChannelRoomEvent = {
  [Name in keyof ChannelRoomEvents]: { name: Name; data: ChannelRoomEvents[Name] };
}[keyof ChannelRoomEvents];

/** What one event of a channel's feed is to its room. Most are told as one, a failure as two, some not at all. */
export function roomEventsOf(event: LiveEvent): ChannelRoomEvent[] {
  const { seq, at } = event;
  if (isRunEvent(event)) return ofAnyRun(event.data, { seq, at });
  if (event.type === "video.discovered") {
    const { channelId: _channel, ...data } = event.data;
    return [{ name: "video:discovered", data: { ...data, seq } }];
  }
  if (event.type === "episode.ready") {
    const { jobId, episodeId, published } = event.data;
    return [{ name: "job:completed", data: { jobId, episodeId, published, seq, ...ofBackfill(event.data) } }];
  }
  if (event.type === "backfill.started") {
    const { channelId: _channel, ...data } = event.data;
    return [{ name: "backfill:started", data: { ...data, seq } }];
  }
  if (event.type === "backfill.completed") {
    const { channelId: _channel, ...data } = event.data;
    return [{ name: "backfill:completed", data: { ...data, seq } }];
  }
  return [];
}

function ofAnyRun(run: RunEventData, at: { seq: number; at: string }): ChannelRoomEvent[] {
  if (run.kind === "video") return ofRun(run, at);
  const hasFailed = run.status === "failed" || run.status === "cancelled";
  // Past this stage all of it is in line, and `backfill:completed` was told.
  if (run.kind !== "backfill" || !hasFailed || run.stage === "following") return [];
  const error = run.error?.message ?? "It was cancelled.";
  return [{ name: "backfill:failed", data: { backfillId: run.runId, error, seq: at.seq } }];
}

const ofBackfill = ({ backfillId }: { backfillId?: string | null | undefined }) => (backfillId ? { backfillId } : {});

/** `queued` is of the database alone (D-60), so a job that only waits is not told of. */
function ofRun(run: RunEventData, at: { seq: number; at: string }): ChannelRoomEvent[] {
  const { stage, progress } = jobStageOf(run);
  const told = { seq: at.seq, attempt: run.attempt, ...ofBackfill(run) };
  if (run.status === "failed" || run.status === "cancelled") {
    const error = run.error?.message ?? "It was cancelled.";
    return [
      { name: "job:progress", data: progressOf(run, at, { stage: "failed", progress: 0, message: error }) },
      { name: "job:failed", data: { jobId: run.runId, error, stage, ...told } },
    ];
  }
  if (stage === "queued") return [];
  return [{ name: "job:progress", data: progressOf(run, at, { stage, progress, message: run.message }) }];
}

export const progressOf = (
  run: Pick<RunEventData, "runId" | "conversationId" | "attempt"> & { backfillId?: string | null | undefined },
  { seq, at }: { seq: number; at: string },
  shown: Pick<JobProgressEvent, "stage" | "progress" | "message">,
): JobProgressEvent => ({
  jobId: run.runId,
  videoId: run.conversationId ?? "",
  ...shown,
  timestamp: at,
  seq,
  attempt: run.attempt,
  ...ofBackfill(run),
});
