import { conversationTopic } from "#domain/live.ts";
import { readableBy } from "../accounts/access.ts";
import { latestAnalysis } from "./analyses.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { errorOf } from "../runs/runs.ts";
import { segmentsOf } from "./segments.ts";
import { openMerges } from "./undo-merge.ts";

/**
 * Everything a page or a late watcher needs of one conversation, with the feed's number `seq` of the same instant:
 * the snapshot plus every event after `seq` is the whole truth. Null: not there, or not this person's.
 */
export async function conversationSnapshot(prisma: PrismaClient, userId: string, id: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const conversation = await tx.conversation.findFirst({
      where: { id, ...readableBy(userId) },
      select: {
        id: true,
        kind: true,
        title: true,
        language: true,
        workspaceId: true,
        ownerId: true,
        createdAt: true,
        recording: true,
        speakers: { select: { label: true, displayName: true }, orderBy: { label: "asc" } },
        runs: {
          where: { kind: { not: "analysis" } },
          include: { stages: { orderBy: { startedAt: "asc" } } },
          orderBy: { createdAt: "desc" },
          take: 1,
        },
      },
    });
    if (conversation === null) return null;
    const { runs, ...rest } = conversation;
    const run = runs[0] ?? null;
    return {
      seq: await headOf(tx, conversationTopic(id)),
      conversation: rest,
      run: run === null ? null : { ...run, warnings: run.warnings as string[], error: errorOf(run) },
      segments: await segmentsOf(tx, id),
      merges: await openMerges(tx, id),
      analysis: await latestAnalysis(tx, id),
    };
  });
}
export type ConversationSnapshot = NonNullable<Awaited<ReturnType<typeof conversationSnapshot>>>;
