import { userTopic, workspaceTopic } from "#domain/live.ts";
import { readableBy, workspacesOf } from "./access.ts";
import { readAtOneInstant } from "../db.ts";
import type { Db, PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { runningStatuses, runRow, runSelect } from "../runs/run-lists.ts";
import { meetingsNow } from "../meetings/meeting-lists.ts";
import { errorOf } from "../runs/runs.ts";

/** A topic with the number up to which a page's rows already tell it. */
export interface TopicHead {
  topic: string;
  seq: number;
}

/** What frames every page: the person's workspaces, unread notices, and where their own feed stands. */
export async function shellSnapshot(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => ({
    workspaces: await workspacesOf(tx, userId),
    unread: await tx.notification.count({ where: { userId, readAt: null } }),
    feed: { topic: userTopic(userId), seq: await headOf(tx, userTopic(userId)) },
  }));
}

/** Where the feeds of all of a person's workspaces stand. Read it with the rows, at one instant. */
export async function workspaceHeads(db: Db, userId: string): Promise<TopicHead[]> {
  const memberships = await db.membership.findMany({ where: { userId }, select: { workspaceId: true } });
  const topics = memberships.map(({ workspaceId }) => workspaceTopic(workspaceId));
  const heads = await db.liveTopic.findMany({ where: { topic: { in: topics } } });
  const seqOf = new Map(heads.map(({ topic, seq }) => [topic, Number(seq)]));
  return topics.map((topic) => ({ topic, seq: seqOf.get(topic) ?? 0 }));
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

/** Every reading of a transcript, newest first, with the run that makes or made it. */
export async function analysisVersions(db: Db, userId: string, conversationId: string) {
  const rows = await db.analysis.findMany({
    where: { conversationId, conversation: readableBy(userId) },
    select: {
      version: true,
      model: true,
      template: true,
      instructions: true,
      createdAt: true,
      completedAt: true,
      createdBy: { select: { name: true } },
    },
    orderBy: { version: "desc" },
  });
  const runs = await db.run.findMany({
    where: { conversationId, kind: "analysis", ...readableBy(userId) },
    select: { id: true, workflowId: true, status: true, errorMessage: true },
  });
  const runOf = new Map(runs.map((run) => [run.workflowId, run]));
  return rows.map(({ createdBy, ...row }) => {
    const run = runOf.get(`analysis:${conversationId}:${row.version}`);
    return {
      ...row,
      by: createdBy?.name ?? null,
      run: run === undefined ? null : { id: run.id, status: run.status, message: run.errorMessage },
    };
  });
}

/** One run in full for those who operate the server; `operatorId` sees it only with the role "admin". */
export async function runDetail(db: Db, operatorId: string, runId: string) {
  const operator = await db.user.findUnique({ where: { id: operatorId }, select: { role: true } });
  const run = await db.run.findFirst({
    where: { id: runId, ...(operator?.role === "admin" ? {} : readableBy(operatorId)) },
    include: {
      stages: { orderBy: { startedAt: "asc" } },
      claims: { orderBy: { attempt: "asc" } },
      conversation: { select: { kind: true, recording: true } },
      workspace: { select: { name: true } },
    },
  });
  if (run === null) return null;
  return { ...run, warnings: run.warnings as string[], error: errorOf(run) };
}

/** A person's notices, newest first, after the one with id `cursor`. */
export async function notificationsOf(db: Db, userId: string, cursor: string | null, limit = 30) {
  const rows = await db.notification.findMany({
    where: { userId, ...(cursor === null ? {} : { id: { lt: cursor } }) },
    select: {
      id: true,
      type: true,
      title: true,
      body: true,
      link: true,
      readAt: true,
      createdAt: true,
      details: true,
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Marks one notice as read, or all of them. */
export async function markNotificationsRead(db: Db, userId: string, id?: string): Promise<void> {
  await db.notification.updateMany({
    where: { userId, readAt: null, ...(id === undefined ? {} : { id }) },
    data: { readAt: new Date() },
  });
}

/** A person's signed-in browsers, the newest first. */
export async function sessionsOf(db: Db, userId: string) {
  return db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    select: { id: true, createdAt: true, updatedAt: true, ipAddress: true, userAgent: true },
    orderBy: { updatedAt: "desc" },
  });
}

/** Signs a person out of one of their browsers. */
export async function endSession(db: Db, { userId, id }: { userId: string; id: string }): Promise<void> {
  await db.session.deleteMany({ where: { id, userId } });
}

/** By what means the newest results of a person's workspaces were made; null where there is no result yet. */
export async function meansInUse(db: Db, userId: string) {
  const analysis = await db.analysis.findFirst({
    where: { completedAt: { not: null }, conversation: readableBy(userId) },
    select: { model: true, completedAt: true },
    orderBy: { completedAt: "desc" },
  });
  const recording = await db.recording.findFirst({
    where: { speechModel: { not: null }, conversation: readableBy(userId) },
    select: { speakerMethod: true, speechModel: true },
    orderBy: { id: "desc" },
  });
  const { speakerMethod = null, speechModel = null } = recording ?? {};
  return { analysis: analysis?.model ?? null, speakers: speakerMethod, speech: speechModel };
}

/** Changes what others call a person. */
export async function renameUser(db: Db, userId: string, name: string): Promise<void> {
  await db.user.update({ where: { id: userId }, data: { name } });
}
