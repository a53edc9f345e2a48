import { userTopic } from "#domain/live.ts";
import { timing } from "#domain/timing.ts";
import { closeAccountsOf } from "../calendars/accounts.ts";
import { deleteCalendar } from "../calendars/calendars.ts";
import type { PrismaClient } from "../db.ts";
import { cancelUnwantedRecorders } from "../bot-visits/cancel-unwanted.ts";
import { endAllWaysIn } from "./delete-account.ts";
import { removeWorkspace } from "./empty-workspace.ts";
import type { Progress } from "./empty-workspace.ts";
import { leaveOrClose, stopOwnBots } from "./leave-workspace.ts";

/** So many rows in one statement. */
const batchSize = 500;

interface Of {
  userId: string;
  isPatient: boolean;
}

/**
 * Does the next part of what `requestAccountDeletion` ordered. "done": the account is gone, or was never to go. Every part
 * may be broken off, and done by two at once: what is left is found by looking.
 */
export async function carryOutDeletion(prisma: PrismaClient, userId: string): Promise<Progress> {
  const user = await prisma.user.findUnique({ where: { id: userId }, select: { deletingAt: true } });
  if (user === null || user.deletingAt === null) return "done";
  const of = { userId, isPatient: Date.now() - user.deletingAt.getTime() < timing.deletion.patienceMs };
  let waits = false;
  for (const part of [endWhatBegan, removeCalendars, removeWorkspaces, disown]) {
    const progress = await part(prisma, of);
    if (progress === "more") return "more";
    if (progress === "waits") waits = true;
  }
  return waits && of.isPatient ? "waits" : removeUser(prisma, userId);
}

/** What was let in before the account was shut, and kept after it; and uploads, whose bytes the web process removes. */
async function endWhatBegan(prisma: PrismaClient, { userId }: Of): Promise<Progress> {
  await prisma.$transaction((tx) => endAllWaysIn(tx, userId));
  const under = { userId, finishedAt: null };
  const now = new Date();
  await prisma.upload.updateMany({
    where: { ...under, OR: [{ deferred: true }, { expiresAt: { gt: now } }] },
    data: { deferred: false, expiresAt: now },
  });
  return (await prisma.upload.count({ where: under })) > 0 ? "waits" : "done";
}

async function removeCalendars(prisma: PrismaClient, { userId }: Of): Promise<Progress> {
  const calendar = await prisma.calendar.findFirst({ where: { ownerId: userId }, select: { id: true } });
  if (calendar !== null) {
    await deleteCalendar(prisma, userId, calendar.id);
    await cancelUnwantedRecorders(prisma);
    return "more";
  }
  // With the row of an account its tokens would go before their provider has heard.
  return (await closeAccountsOf(prisma, userId)) > 0 ? "waits" : "done";
}

async function removeWorkspaces(prisma: PrismaClient, { userId, isPatient }: Of): Promise<Progress> {
  const memberships = await prisma.membership.findMany({ where: { userId }, select: { workspaceId: true } });
  let progress: Progress = "done";
  for (const { workspaceId } of memberships) {
    await stopOwnBots(prisma, { userId, workspaceId });
    if ((await leaveOrClose(prisma, { userId, workspaceId })) === "left") return "more";
    const removed = await removeWorkspace(prisma, { userId, workspaceId, isPatient });
    // The others need not wait for one that waits.
    if (removed !== "waits") return "more";
    progress = "waits";
  }
  return progress;
}

/** What they made in workspaces of others stays there without an owner, as the schema has it for what hangs on the row. */
async function disown(prisma: PrismaClient, { userId }: Of): Promise<Progress> {
  const changed = await prisma.$executeRaw`
    UPDATE conversation SET owner_id = NULL
    WHERE id IN (SELECT id FROM conversation WHERE owner_id = ${userId}::uuid LIMIT ${batchSize})`;
  return changed > 0 ? "more" : "done";
}

async function removeUser(prisma: PrismaClient, userId: string): Promise<Progress> {
  return prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId}::uuid FOR UPDATE`;
      const memberships = await tx.membership.count({ where: { userId } });
      const left = memberships + (await tx.calendar.count({ where: { ownerId: userId } }));
      if (left > 0) return "more";
      // It stands in feeds for everybody to read, and nobody answers there for this account any more.
      const user = await tx.user.findUnique({ where: { id: userId }, select: { email: true } });
      await tx.channel.updateMany({ where: { ownerEmail: user?.email ?? "" }, data: { ownerEmail: null } });
      await tx.user.deleteMany({ where: { id: userId } });
      await tx.liveEvent.deleteMany({ where: { topic: userTopic(userId) } });
      await tx.liveTopic.deleteMany({ where: { topic: userTopic(userId) } });
      return "done";
    },
    { timeout: 60_000, maxWait: 10_000 },
  );
}
