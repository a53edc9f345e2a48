import { workspaceTopic } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { readableBy, writingRoles } from "../accounts/access.ts";
import { readAtOneInstant } from "../db.ts";
import type { Db, PrismaClient } from "../db.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { workspaceHeads } from "../live/workspace-heads.ts";
import { conversationOf } from "../runs/runs.ts";

/** A meeting in its call or being worked on, as a line of a list. */
export interface OngoingMeeting {
  id: string;
  title: string;
  view: "active" | "processing";
  /** When its call began; null where nobody has told yet. */
  since: Date | null;
}

/** A meeting that a bot is on its way to, in, or has just left. */
export interface OngoingVisit {
  runId: string;
  title: string;
  stage: string;
  /** How its bot stands, in words. */
  message: string;
  since: Date;
  /** Whether the bot was told to leave. */
  stopping: boolean;
  /** Whether the person may tell it to. */
  canStop: boolean;
  /** The event of their own calendar that it is about. */
  eventId: string | null;
}

/** What goes on in a person's workspaces now, with where their feeds stand. */
export async function ongoingMeetings(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const runs = await tx.run.findMany({
      where: {
        kind: "meeting",
        status: { in: [...runningStatuses] },
        stage: { not: "upcoming" },
        ...readableBy(userId),
      },
      select: {
        status: true,
        stage: true,
        title: true,
        conversation: { select: { id: true, startedAt: true } },
      },
      orderBy: { createdAt: "asc" },
      take: 50,
    });
    const items = runs.flatMap(({ conversation, title, ...run }): OngoingMeeting[] => {
      const { id, startedAt } = conversationOf(conversation);
      const view = meetingViewOf(run);
      return view === "active" || view === "processing" ? [{ id, title, view, since: startedAt }] : [];
    });
    const writers = await tx.membership.findMany({
      where: { userId, role: { in: writingRoles } },
      select: { workspaceId: true },
    });
    /** Topics of the workspaces in which they may stop bots. */
    const writable = writers.map(({ workspaceId }) => workspaceTopic(workspaceId));
    return { items, visits: await visitsNow(tx, userId, writable), writable, feeds: await workspaceHeads(tx, userId) };
  });
}

async function visitsNow(db: Db, userId: string, writable: readonly string[]): Promise<OngoingVisit[]> {
  const rows = await db.recorder.findMany({
    where: { ...readableBy(userId), run: { status: { in: ["starting", "active", "processing"] } } },
    include: {
      run: { select: { stage: true, message: true, cancelRequested: true } },
      watches: { where: { event: { ownerId: userId, removedAt: null } }, select: { eventId: true }, take: 1 },
    },
    orderBy: { joinAt: "asc" },
    take: 50,
  });
  return rows.map(({ runId, title, run, workspaceId, watches, stoppedAt, ...row }) => ({
    runId,
    title,
    stage: run.stage,
    message: run.message,
    since: row.joinedAt ?? row.requestedAt ?? row.joinAt,
    stopping: stoppedAt !== null || run.cancelRequested,
    canStop: writable.includes(workspaceTopic(workspaceId)),
    eventId: watches[0]?.eventId ?? null,
  }));
}
