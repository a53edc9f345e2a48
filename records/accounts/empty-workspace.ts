import { isFinal, runStatuses } from "#domain/run.ts";
import { workspaceTopic } from "#domain/live.ts";
import { deleteChannel } from "../channels/channels.ts";
import { deleteConversation } from "../conversations/delete-conversation.ts";
import type { PrismaClient } from "../db.ts";
import { orderErasure } from "../bot-visits/erasure.ts";
import { cancelRunRow } from "../runs/run-requests.ts";

/** How far something is: there is more to do at once, or what others do for it has to be waited for. */
export type Progress = "done" | "more" | "waits";

interface Of {
  userId: string;
  workspaceId: string;
  /** Whether what others still do is waited for. */
  isPatient: boolean;
}

/** So many at a time, each in a transaction of its own. */
const batchSize = 20;
const openRun = { status: { in: runStatuses.filter((status) => !isFinal(status)) } };

/**
 * Removes a workspace in which nobody but this person is, who owns it, with all that is in it, as they would by hand: a
 * part at a time, until it answers "done". May be broken off and begun again anywhere.
 */
export async function removeWorkspace(prisma: PrismaClient, of: Of): Promise<Progress> {
  const { userId, workspaceId, isPatient } = of;
  if (await callOffBots(prisma, workspaceId)) return "more";
  const within = { where: { workspaceId }, select: { id: true }, take: batchSize };
  const conversations = await prisma.conversation.findMany(within);
  for (const { id } of conversations) await deleteConversation(prisma, { userId, id });
  if (conversations.length > 0) return "more";
  if (isPatient && (await isWaiting(prisma, of))) return "waits";
  const visits = await prisma.recorder.findMany(within);
  if (visits.length > 0) {
    await forgetVisits(
      prisma,
      visits.map(({ id }) => id),
    );
    return "more";
  }
  const channel = await prisma.channel.findFirst({ where: { workspaceId }, select: { id: true } });
  if (channel !== null) {
    await deleteChannel(prisma, userId, channel.id);
    return "more";
  }
  return removeEmpty(prisma, workspaceId);
}

async function callOffBots(prisma: PrismaClient, workspaceId: string): Promise<boolean> {
  const visits = await prisma.recorder.findMany({
    where: { workspaceId, run: { ...openRun, cancelRequested: false } },
    select: { id: true, runId: true },
    take: batchSize,
  });
  for (const { id, runId } of visits) {
    await prisma.$transaction(async (tx) => {
      await tx.recorder.updateMany({ where: { id, stoppedAt: null }, data: { stoppedAt: new Date() } });
      await cancelRunRow(tx, runId);
    });
  }
  return visits.length > 0;
}

// Bots that leave their meetings, and bytes of uploads that the web process removes: with the rows nobody would know of them.
async function isWaiting(prisma: PrismaClient, { userId, workspaceId }: Of): Promise<boolean> {
  const bots = await prisma.recorder.count({ where: { workspaceId, run: openRun } });
  return bots > 0 || (await prisma.upload.count({ where: { workspaceId, userId, finishedAt: null } })) > 0;
}

/** Visits of which there is no recording, or not any more. */
async function forgetVisits(prisma: PrismaClient, ids: string[]): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await orderErasure(tx, { id: { in: ids } });
    await tx.run.deleteMany({ where: { recorder: { id: { in: ids } } } });
  });
}

async function removeEmpty(prisma: PrismaClient, workspaceId: string): Promise<Progress> {
  return prisma.$transaction(async (tx) => {
    // Nothing is put into it from here on; what was until now is not lost by the schema's cascades.
    await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`;
    const where = { workspaceId };
    const conversations = await tx.conversation.count({ where });
    const left = conversations + (await tx.recorder.count({ where })) + (await tx.channel.count({ where }));
    if (left > 0) return "more";
    await tx.workspace.deleteMany({ where: { id: workspaceId } });
    await tx.liveEvent.deleteMany({ where: { topic: workspaceTopic(workspaceId) } });
    await tx.liveTopic.deleteMany({ where: { topic: workspaceTopic(workspaceId) } });
    return "done";
  });
}
