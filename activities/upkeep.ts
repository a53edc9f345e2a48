import type { Logger } from "pino";
import { orderLostDeletions } from "#records/accounts/delete-account.ts";
import { newId } from "#records/ids.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { orderOldErasures } from "#records/bot-visits/erasure.ts";
import { closeIdleAccounts } from "#records/calendars/accounts.ts";
import { orderOverdueReviews } from "#records/channels/review-wait.ts";
import { orderLostStart } from "#records/runs/new-run.ts";
import { sweepDownloads } from "./channels/fetch-file.ts";
import { sweepSpeech } from "./speech-file.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  /** Where files are fetched to, on this worker's own machine. */
  scratchDir: string;
  log: Logger;
  isWorkflowOpen(workflowId: string): Promise<boolean>;
  /** How long what bots recorded is left at their providers. */
  botEraseAfterDays: number;
}

const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);

// A meeting that waits for its hour has a workflow that would remind of it; one of these, lost, is missed soon.
const waitingSoon = () => ({
  kind: "meeting",
  status: "pending",
  claims: { some: {} },
  conversation: { meeting: { scheduledAt: { gt: new Date(), lt: days(-1) } } },
});

/** Work of the upkeep schedule. Each part may run at any time and any number of times. */
export function createUpkeepActivities({ prisma, media, scratchDir, log, isWorkflowOpen, botEraseAfterDays }: Deps) {
  return {
    /**
     * Starts again the runs whose workflow is gone though their row says they work: Temporal's database was lost or
     * restored to an older state. The claim of the lost execution is given up with it.
     */
    async restartLostRuns(): Promise<void> {
      const quietSince = new Date(Date.now() - 10 * 60 * 1000);
      const working = await prisma.run.findMany({
        where: {
          updatedAt: { lt: quietSince },
          OR: [{ status: { in: ["starting", "active", "processing"] } }, waitingSoon()],
        },
        select: { id: true, workflowId: true, attempt: true },
        take: 200,
      });
      for (const run of working) {
        if (await isWorkflowOpen(run.workflowId)) continue;
        log.warn({ runId: run.id, workflowId: run.workflowId }, "run has lost its workflow; starting it again");
        await prisma.$transaction(async (tx) => {
          await tx.runClaim.deleteMany({ where: { runId: run.id, attempt: run.attempt } });
          await tx.run.update({ where: { id: run.id }, data: { updatedAt: new Date() } });
          await orderLostStart(tx, run, newId());
        });
      }
    },

    /** Removes what is kept for a time only: feed events after 30 days, settled outbox rows after 7, deliveries after 30, old notices after 90, decoded sound and half-fetched files after 7. */
    async clearExpired(): Promise<void> {
      await prisma.liveEvent.deleteMany({ where: { at: { lt: days(30) } } });
      await prisma.outbox.deleteMany({ where: { state: { in: ["done", "dropped"] }, doneAt: { lt: days(7) } } });
      await prisma.webhookDelivery.deleteMany({
        where: { state: { in: ["done", "late", "ignored"] }, receivedAt: { lt: days(30) } },
      });
      await prisma.notification.deleteMany({ where: { createdAt: { lt: days(90) } } });
      await prisma.verification.deleteMany({ where: { expiresAt: { lt: days(1) } } });
      await closeIdleAccounts(prisma, { idleSince: days(1), closedBefore: days(7) });
      await prisma.session.deleteMany({ where: { expiresAt: { lt: days(1) } } });
      await orderOldErasures(prisma, days(botEraseAfterDays));
      await orderOverdueReviews(prisma);
      await orderLostDeletions(prisma);
      await sweepSpeech({ prisma, media }, days(7));
      await sweepDownloads(scratchDir, days(7));
    },
  };
}
