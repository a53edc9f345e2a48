import { userTopic } from "#domain/live.ts";
import { readableBy, workspacesOf } from "./access.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { workspaceHeads } from "../live/workspace-heads.ts";
import { meetingsNow } from "../meetings/meeting-lists.ts";
import { runningStatuses, runRow, runSelect } from "../runs/run-lists.ts";

/** What frames every page: the person's workspaces, unread notices, and where their own feed stands. */
export async function shellSnapshot(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => ({
    workspaces: await workspacesOf(tx, userId),
    unread: await tx.notification.count({ where: { userId, readAt: null } }),
    feed: { topic: userTopic(userId), seq: await headOf(tx, userTopic(userId)) },
  }));
}

/** The home page: the meetings of now and soon, the recordings that are worked on, and the newest ones. */
export async function homeSnapshot(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const running = await tx.run.findMany({
      where: { ...readableBy(userId), status: { in: [...runningStatuses] }, conversation: { kind: "recording" } },
      select: runSelect,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: 20,
    });
    const recent = await tx.run.findMany({
      where: { ...readableBy(userId), kind: "recording", status: { notIn: [...runningStatuses] } },
      select: runSelect,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: 8,
    });
    return {
      meetings: await meetingsNow(tx, userId),
      running: running.map(runRow),
      recent: recent.map(runRow),
      feeds: await workspaceHeads(tx, userId),
    };
  });
}
