import { randomBytes } from "node:crypto";
import { userTopic } from "#domain/live.ts";
import { audit } from "./audit.ts";
import type { Db, PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";
import type { GivenRole } from "./workspaces.ts";
import { hashToken } from "../token-hash.ts";

const INVITE_DAYS = 14;
const newToken = () => randomBytes(24).toString("base64url");
const open = () => ({ acceptedAt: null, expiresAt: { gt: new Date() } });

export interface NewInvite {
  actorId: string;
  workspaceId: string;
  role: GivenRole;
  email: string | null;
}

/** Makes an invite, good once and for two weeks. `token` opens it; the database keeps its hash only. */
export async function createInvite(prisma: PrismaClient, invite: NewInvite) {
  const token = newToken();
  return { ...(await insertInvite(prisma, invite, { token, byMail: false })), token };
}

/** As `createInvite`, but nobody learns its token before the mail that carries it is written. */
export const mailInvite = (prisma: PrismaClient, invite: NewInvite & { email: string }) =>
  insertInvite(prisma, invite, { token: newToken(), byMail: true });

async function insertInvite(
  prisma: PrismaClient,
  { actorId, workspaceId, role, email }: NewInvite,
  { token, byMail }: { token: string; byMail: boolean },
) {
  const id = newId();
  const expiresAt = new Date(Date.now() + INVITE_DAYS * 86_400_000);
  await prisma.$transaction(async (tx) => {
    await tx.invite.create({
      data: { id, workspaceId, role, email, tokenHash: hashToken(token), createdById: actorId, expiresAt },
    });
    await audit(tx, { workspaceId, actorId, action: "invite.create", subject: id, details: { role } });
    if (!byMail) return;
    await enqueue(tx, {
      kind: "mail.invite",
      payload: { inviteId: id },
      dedupeKey: `mail.invite:${id}`,
      partitionKey: id,
    });
  });
  return { id, expiresAt };
}

/**
 * What the mail of an invite says, with a token made for it; null for an invite that is over. Tokens are in no row, so
 * each mail has a new one, and the latest mail is the one that counts.
 */
export async function inviteMailOf(prisma: PrismaClient, id: string) {
  const token = newToken();
  const { count } = await prisma.invite.updateMany({ where: { id, ...open() }, data: { tokenHash: hashToken(token) } });
  if (count === 0) return null;
  const { email, role, workspace, createdBy } = await prisma.invite.findUniqueOrThrow({
    where: { id },
    select: { email: true, role: true, workspace: { select: { name: true } }, createdBy: { select: { name: true } } },
  });
  if (email === null) return null;
  return { token, email, role, workspace: workspace.name, inviter: createdBy?.name ?? null };
}

/** The invites of a workspace that still open it, the oldest first. */
export async function openInvites(db: Db, workspaceId: string) {
  const invites = await db.invite.findMany({
    where: { workspaceId, ...open() },
    select: { id: true, role: true, email: true, createdAt: true, expiresAt: true },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return invites.map(({ role, ...invite }) => ({ ...invite, role: role as GivenRole }));
}

/** Makes an invite worthless, and a mail of it that is not written yet. False: it is over, or of another workspace. */
export async function revokeInvite(
  prisma: PrismaClient,
  { actorId, workspaceId, id }: { actorId: string; workspaceId: string; id: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.invite.deleteMany({ where: { id, workspaceId, ...open() } });
    if (count === 0) return false;
    await audit(tx, { workspaceId, actorId, action: "invite.revoke", subject: id });
    return true;
  });
}

/** What an invite link leads to; null for one that is unknown, used or expired. */
export async function findInvite(prisma: PrismaClient, token: string) {
  return prisma.invite.findFirst({
    where: { tokenHash: hashToken(token), ...open() },
    select: { id: true, role: true, email: true, workspace: { select: { id: true, name: true } } },
  });
}

/** Joins by an invite link, once. Whoever belongs already keeps their role. Gives the workspace's id, or null. */
export async function acceptInvite(
  prisma: PrismaClient,
  { userId, token }: { userId: string; token: string },
): Promise<string | null> {
  return prisma.$transaction(async (tx) => {
    const tokenHash = hashToken(token);
    const { count } = await tx.invite.updateMany({
      where: { tokenHash, ...open() },
      data: { acceptedAt: new Date() },
    });
    if (count === 0) return null;
    const invite = await tx.invite.findUniqueOrThrow({
      where: { tokenHash },
      select: { id: true, workspaceId: true, role: true },
    });
    const { workspaceId, role } = invite;
    await tx.membership.createMany({ data: { workspaceId, userId, role }, skipDuplicates: true });
    await audit(tx, { workspaceId, actorId: userId, action: "invite.accept", subject: invite.id });
    await announce(tx, [{ topic: userTopic(userId), type: "access.changed", data: { workspaceId, role } }]);
    return workspaceId;
  });
}
