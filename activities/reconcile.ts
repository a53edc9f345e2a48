import { heartbeat, cancellationSignal } from "@temporalio/activity";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { isOver } from "#domain/meeting.ts";
import type { Meeting } from "#prisma/generated/client.ts";
import type { PrismaClient } from "#records/db.ts";
import { createInboxNotifier } from "#records/queues/inbox.ts";
import { createNextMeeting, factsOf } from "#records/meetings/meetings.ts";
import { createCallStateReader } from "./call-state.ts";
import type { CallProvider, CallProviderId } from "./clients/calls/call-provider.ts";

interface Deps {
  prisma: PrismaClient;
  pool: Pool;
  log: Logger;
  calls: Partial<Record<CallProviderId, CallProvider>>;
}

/** A meeting that nobody has heard of for this long is asked about. */
const quietMs = 60_000;
const batchSize = 500;
const hour = 3_600_000;

/** Repairs what a lost webhook left undone, by asking the providers. */
export function createReconcileActivities({ prisma, pool, log, calls }: Deps) {
  const ring = createInboxNotifier(pool);
  const readCallState = createCallStateReader({ pool, log, calls });

  async function ask(meeting: Meeting): Promise<void> {
    heartbeat();
    if (isOver(factsOf(meeting))) return;
    try {
      await readCallState(meeting, cancellationSignal());
    } catch (error) {
      log.warn({ err: error, meetingId: meeting.id }, "provider could not be asked about a meeting");
    }
  }

  return {
    /** Asks about calls that go on, that should have begun, or whose end came without a start. */
    async reconcileMeetings(): Promise<void> {
      const now = Date.now();
      for (let batch = await unsettled(prisma, now, null); ; batch = await unsettled(prisma, now, batch.at(-1)!.id)) {
        for (const meeting of batch) await ask(meeting);
        if (batch.length < batchSize) break;
      }
      await createMissedSessions();
      ring();
    },
  };

  // A meeting may have completed in the moment that Temporal's own data was lost: its next session is still owed.
  async function createMissedSessions(): Promise<void> {
    const owed = await prisma.meeting.findMany({
      where: {
        nextProblem: null,
        nextPlannedAt: null,
        agentId: { not: null },
        conversation: {
          runs: {
            some: {
              kind: "meeting",
              status: "completed",
              finishedAt: { gt: new Date(Date.now() - 24 * hour), lt: new Date(Date.now() - quietMs) },
            },
          },
        },
      },
      select: { id: true },
      take: batchSize,
    });
    for (const { id } of owed) await prisma.$transaction((tx) => createNextMeeting(tx, id));
  }
}

/** The next of the meetings that a provider may know more of than we do, by id. */
const unsettled = (prisma: PrismaClient, now: number, after: string | null): Promise<Meeting[]> =>
  prisma.meeting.findMany({
    where: {
      ...(after === null ? {} : { id: { gt: after } }),
      conversation: {
        runs: {
          some: {
            kind: "meeting",
            OR: [
              { status: { in: ["starting", "active"] }, updatedAt: { lt: new Date(now - quietMs) } },
              { status: "pending" },
            ],
          },
        },
      },
      OR: [
        { startedAt: { not: null } },
        { endedAt: { not: null } },
        { leftAt: { not: null } },
        { admittedAt: { gt: new Date(now - 24 * hour) } },
        { scheduledAt: { gt: new Date(now - 24 * hour), lt: new Date(now) } },
        { scheduledAt: null, conversation: { createdAt: { gt: new Date(now - 24 * hour) } } },
      ],
    },
    orderBy: { id: "asc" },
    take: batchSize,
  });
