import { userTopic } from "#domain/live.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { stopRecorder } from "../bot-visits/requests.ts";
import { roleIn } from "./access.ts";
import { audit } from "./audit.ts";
import { heirOf } from "./heirs.ts";

interface Of {
  userId: string;
  workspaceId: string;
}

/**
 * Takes a person whose account is being deleted out of a workspace that others are in, one of whom owns it from now on
 * ("left"). Where they are alone it is shut instead: nobody joins it and nothing new is fetched ("alone").
 */
export async function leaveOrClose(prisma: PrismaClient, of: Of): Promise<"left" | "alone"> {
  const { userId, workspaceId } = of;
  return prisma.$transaction(async (tx) => {
    // The workspace's lock puts changes of its members one after the other.
    await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`;
    const role = await roleIn(tx, userId, workspaceId);
    if (role === null) return "left";
    const heir = await heirOf(tx, of);
    if (heir === null) {
      await close(tx, of);
      return "alone";
    }
    if (role === "owner") await handOver(tx, workspaceId, heir.userId);
    // It was their own, and goes on as one of many.
    await tx.workspace.updateMany({ where: { id: workspaceId, personalOfId: userId }, data: { personalOfId: null } });
    await tx.membership.delete({ where: { workspaceId_userId: of } });
    await audit(tx, { workspaceId, actorId: null, action: "member.remove", subject: userId });
    return "left";
  });
}

async function handOver(tx: Tx, workspaceId: string, userId: string): Promise<void> {
  const role = "owner";
  await tx.membership.update({ where: { workspaceId_userId: { workspaceId, userId } }, data: { role } });
  await audit(tx, { workspaceId, actorId: null, action: "member.set", subject: userId, details: { role } });
  await announce(tx, [{ topic: userTopic(userId), type: "access.changed", data: { workspaceId, role } }]);
}

async function close(tx: Tx, { userId, workspaceId }: Of): Promise<void> {
  await tx.membership.update({ where: { workspaceId_userId: { workspaceId, userId } }, data: { role: "owner" } });
  await tx.invite.deleteMany({ where: { workspaceId } });
  await tx.channel.updateMany({ where: { workspaceId, pausedAt: null }, data: { pausedAt: new Date() } });
  // Of somebody who was in it once: theirs, as is the workspace that it goes to.
  await tx.$executeRaw`
    UPDATE calendar SET workspace_id = own.id FROM workspace AS own
    WHERE calendar.workspace_id = ${workspaceId}::uuid AND calendar.owner_id <> ${userId}::uuid
      AND own.personal_of_id = calendar.owner_id`;
}

/** Calls the bots back that a person sent by hand: nobody else wants them. What they recorded stays. */
export async function stopOwnBots(prisma: PrismaClient, { userId, workspaceId }: Of): Promise<void> {
  const sent = await prisma.recorder.findMany({
    where: {
      workspaceId,
      ownerId: userId,
      endsAt: null,
      stoppedAt: null,
      run: { status: { in: ["pending", "starting", "active"] } },
    },
    select: { id: true },
  });
  for (const { id } of sent) await stopRecorder(prisma, userId, id);
}
