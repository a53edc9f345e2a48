import type { BotProviderId } from "#domain/bot.ts";
import type { PrismaClient } from "../db.ts";
import { cancelRunRow } from "../runs/run-requests.ts";
import { orderDueRecorders } from "./order-due.ts";
import { signalRecorder } from "./requests.ts";
import { cancelReason } from "./wanted.ts";

const batchSize = 500;

/** Calls off the visits that wait and are not wanted any more, since their event moved, went, or is decided otherwise. */
export function cancelUnwantedRecorders(prisma: PrismaClient): Promise<void> {
  return cancelUnwanted(prisma, null);
}

/**
 * Lets what a person has changed reach their visits at once, where `provider` sends bots: passes of auto-join and looks
 * at the bot would find it within a minute, and do where this fails. To be called when the change is kept.
 */
export async function reviewVisits(
  prisma: PrismaClient,
  ownerId: string,
  provider: BotProviderId | null,
): Promise<void> {
  await cancelUnwanted(prisma, ownerId);
  const sent = await prisma.recorder.findMany({
    where: {
      watches: { some: { event: { ownerId } } },
      requestedAt: { not: null },
      run: { status: { in: ["pending", "starting", "active"] } },
    },
    select: { id: true },
    take: batchSize,
  });
  await prisma.$transaction(async (tx) => {
    for (const { id } of sent) await signalRecorder(tx, id);
  });
  if (provider !== null) await orderDueRecorders(prisma, { provider, ownerId, onError: () => undefined });
}

async function cancelUnwanted(prisma: PrismaClient, ownerId: string | null): Promise<void> {
  for (const { id, runId } of await suspects(prisma, ownerId)) {
    await prisma.$transaction(async (tx) => {
      if ((await cancelReason(tx, id)) !== null) await cancelRunRow(tx, runId);
    });
  }
}

// Most visits that wait are wanted, and need no look: `cancelReason` decides about those that may not be.
const suspects = (prisma: PrismaClient, ownerId: string | null) =>
  prisma.$queryRaw<{ id: string; runId: string }[]>`
    SELECT recorder.id, run.id AS "runId" FROM recorder JOIN run ON run.id = recorder.run_id
    WHERE run.status = 'pending' AND NOT run.cancel_requested
      AND recorder.ends_at IS NOT NULL AND recorder.requested_at IS NULL
      AND (${ownerId}::uuid IS NULL OR EXISTS (
        SELECT 1 FROM recorder_watch AS watch JOIN calendar_event AS event ON event.id = watch.event_id
        WHERE watch.recorder_id = recorder.id AND event.owner_id = ${ownerId}::uuid))
      AND (recorder.stopped_at IS NOT NULL OR recorder.ends_at <= now() OR NOT EXISTS (
        SELECT 1 FROM recorder_watch AS watch JOIN calendar_event AS event ON event.id = watch.event_id
        WHERE watch.recorder_id = recorder.id AND event."join" AND event.removed_at IS NULL
          AND event.platform = recorder.platform AND event.room = recorder.room
          AND event.starts_at = recorder.starts_at))
    ORDER BY recorder.join_at LIMIT ${batchSize}`;
