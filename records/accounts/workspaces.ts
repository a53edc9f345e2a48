import { userTopic } from "#domain/live.ts";
import { managingRoles, roleIn } from "./access.ts";
import type { WorkspaceRole } from "./access.ts";
import { audit } from "./audit.ts";
import { isMissingRow } from "../db.ts";
import type { PrismaClient, Tx } from "../db.ts";
import type { Outcome } from "../outcome.ts";
import { announce } from "../live/feed.ts";
import { newId } from "../ids.ts";

/** Roles that one person can give another; a workspace's owner is whoever made it. */
export const givenRoles = ["admin", "member", "viewer"] as const;
export type GivenRole = (typeof givenRoles)[number];

/** What a change of members came to. `conflict` says in words why not. */
export type MemberAnswer = Outcome<object, "not_found" | "forbidden" | "conflict">;

/** The workspace that each account has of its own, made where it is missing. Gives its id. */
export async function ensurePersonalWorkspace(prisma: PrismaClient, userId: string): Promise<string> {
  const existing = await prisma.workspace.findUnique({ where: { personalOfId: userId }, select: { id: true } });
  if (existing !== null) return existing.id;
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId}::uuid FOR UPDATE`;
    const made = await tx.workspace.findUnique({ where: { personalOfId: userId }, select: { id: true } });
    if (made !== null) return made.id;
    return (await insertWorkspace(tx, { name: "Personal", ownerId: userId, personalOfId: userId })).id;
  });
}

export const createWorkspace = (prisma: PrismaClient, { userId, name }: { userId: string; name: string }) =>
  prisma.$transaction(async (tx) => {
    const workspace = await insertWorkspace(tx, { name, ownerId: userId, personalOfId: null });
    await audit(tx, { workspaceId: workspace.id, actorId: userId, action: "workspace.create", subject: workspace.id });
    return workspace;
  });

async function insertWorkspace(
  tx: Tx,
  { name, ownerId, personalOfId }: { name: string; ownerId: string; personalOfId: string | null },
) {
  return tx.workspace.create({
    data: { id: newId(), name, personalOfId, memberships: { create: { userId: ownerId, role: "owner" } } },
    select: { id: true, name: true },
  });
}

/** Who belongs to a workspace, and the invite links that wait. The caller has checked that they may see it. */
export async function membersOf(prisma: PrismaClient, workspaceId: string) {
  const members = await prisma.membership.findMany({
    where: { workspaceId },
    select: { role: true, createdAt: true, user: { select: { id: true, name: true, email: true } } },
    orderBy: { createdAt: "asc" },
  });
  return members.map(({ role, createdAt, user }) => ({ ...user, role: role as WorkspaceRole, joinedAt: createdAt }));
}

export interface MemberChange {
  actorId: string;
  workspaceId: string;
  userId: string;
}

/** Changes the role that a member has. Nobody becomes one by this: they join by an invite, themselves. */
export async function setMember(
  prisma: PrismaClient,
  { actorId, workspaceId, userId, role }: MemberChange & { role: GivenRole },
): Promise<MemberAnswer> {
  return changeMembers(prisma, { actorId, workspaceId, userId }, async (tx, current, own) => {
    if (!managingRoles.includes(own)) return { ok: false, reason: "forbidden" };
    if (current === null) return { ok: false, reason: "not_found" };
    if (current === "owner") return { ok: false, reason: "conflict", message: "The owner's role cannot be changed." };
    await tx.membership.update({ where: { workspaceId_userId: { workspaceId, userId } }, data: { role } });
    await audit(tx, { workspaceId, actorId, action: "member.set", subject: userId, details: { role } });
    return { ok: true };
  });
}

/** Takes an account out of a workspace; a person may always leave. Their open pages hear of it at once. */
export async function removeMember(prisma: PrismaClient, change: MemberChange): Promise<MemberAnswer> {
  const { actorId, workspaceId, userId } = change;
  return changeMembers(prisma, change, async (tx, current, own) => {
    if (actorId !== userId && !managingRoles.includes(own)) return { ok: false, reason: "forbidden" };
    if (current === null) return { ok: false, reason: "not_found" };
    if (current === "owner") return { ok: false, reason: "conflict", message: "The owner cannot be removed." };
    await tx.membership.delete({ where: { workspaceId_userId: { workspaceId, userId } } });
    await audit(tx, { workspaceId, actorId, action: "member.remove", subject: userId });
    return { ok: true };
  });
}

async function changeMembers(
  prisma: PrismaClient,
  { actorId, workspaceId, userId }: MemberChange,
  change: (tx: Tx, current: WorkspaceRole | null, own: WorkspaceRole) => Promise<MemberAnswer>,
): Promise<MemberAnswer> {
  try {
    return await prisma.$transaction(async (tx) => {
      // The workspace's lock puts changes of its members one after the other.
      await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`;
      const own = await roleIn(tx, actorId, workspaceId);
      if (own === null) return { ok: false, reason: "not_found" };
      const answer = await change(tx, await roleIn(tx, userId, workspaceId), own);
      if (!answer.ok) return answer;
      const role = await roleIn(tx, userId, workspaceId);
      await announce(tx, [{ topic: userTopic(userId), type: "access.changed", data: { workspaceId, role } }]);
      return answer;
    });
  } catch (error) {
    if (isMissingRow(error)) return { ok: false, reason: "not_found" };
    throw error;
  }
}
