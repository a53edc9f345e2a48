import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { PrismaClient } from "../db.ts";

/** Makes every guest link of a meeting worthless. False: no such meeting for this person. */
export async function revokeGuestLinks(prisma: PrismaClient, userId: string, id: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const row = await tx.meeting.findFirst({ where: { id, ...writableBy(userId) }, select: { workspaceId: true } });
    if (row === null) return false;
    await tx.meeting.update({ where: { id }, data: { guestLinkVersion: { increment: 1 } } });
    const { workspaceId } = row;
    await audit(tx, { workspaceId, actorId: userId, action: "meeting.guest_links_revoked", subject: id });
    return true;
  });
}
