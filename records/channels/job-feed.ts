import { jobStageOf } from "#domain/channels/job.ts";
import { progressOf } from "#domain/channels/events.ts";
import type { ChannelRoomEvent } from "#domain/channels/events.ts";
import { channelTopic } from "#domain/live.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { runningStatuses } from "../runs/run-lists.ts";

/**
 * Every job of a channel that is at work, as its newest `job:progress`, and the feed's number of the same instant: what
 * follows that number is all that happens to them. For those who come late; the caller has checked their right.
 */
export async function activeJobEvents(
  prisma: PrismaClient,
  channelId: string,
): Promise<{ seq: number; events: ChannelRoomEvent[] }> {
  return readAtOneInstant(prisma, async (tx) => {
    const seq = await headOf(tx, channelTopic(channelId));
    const rows = await tx.run.findMany({
      where: { channelId, kind: "video", status: { in: runningStatuses.filter((status) => status !== "pending") } },
      orderBy: { id: "asc" },
    });
    // `queued` is of the database alone (D-60).
    const begun = rows.filter((row) => jobStageOf(row).stage !== "queued");
    const events = begun.map((row): ChannelRoomEvent => {
      const at = { seq, at: row.updatedAt.toISOString() };
      return {
        name: "job:progress",
        data: progressOf({ runId: row.id, ...row }, at, { ...jobStageOf(row), message: row.message }),
      };
    });
    return { seq, events };
  });
}
