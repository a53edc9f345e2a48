import type { Prisma } from "#prisma/generated/client.ts";
import type { Db, Tx } from "../db.ts";

export const workspaceRoles = ["owner", "admin", "member", "viewer"] as const;
export type WorkspaceRole = (typeof workspaceRoles)[number];

/** Roles that may change content, and roles that may also change who belongs to the workspace. */
export const writingRoles: WorkspaceRole[] = ["owner", "admin", "member"];
export const managingRoles: WorkspaceRole[] = ["owner", "admin"];

const memberWith = (userId: string, roles: readonly WorkspaceRole[]) => ({
  workspace: { memberships: { some: { userId, role: { in: [...roles] } } } },
});

/**
 * Access rules as parts of queries: put one into the `where` of whatever is read or written, and a row that is not
 * this person's cannot be told from one that does not exist.
 */
export const readableBy = (userId: string) =>
  memberWith(userId, workspaceRoles) satisfies Prisma.ConversationWhereInput & Prisma.RunWhereInput;
export const writableBy = (userId: string) =>
  memberWith(userId, writingRoles) satisfies Prisma.ConversationWhereInput & Prisma.RunWhereInput;

/**
 * Locks a conversation that a person may change until the transaction ends. False: not there, or not theirs to change.
 */
export async function lockWritable(tx: Tx, userId: string, id: string): Promise<boolean> {
  const home = await tx.conversation.findFirst({ where: { id, ...writableBy(userId) }, select: { id: true } });
  if (home === null) return false;
  await tx.$queryRaw`SELECT 1 FROM conversation WHERE id = ${id}::uuid FOR UPDATE`;
  return true;
}

/** The workspaces a person belongs to, their own first. */
export async function workspacesOf(db: Db, userId: string) {
  const memberships = await db.membership.findMany({
    where: { userId },
    select: { role: true, workspace: { select: { id: true, name: true, personalOfId: true } } },
    orderBy: { createdAt: "asc" },
  });
  return memberships
    .map(({ role, workspace }) => ({
      id: workspace.id,
      name: workspace.name,
      role: role as WorkspaceRole,
      personal: workspace.personalOfId === userId,
    }))
    .sort((a, b) => Number(b.personal) - Number(a.personal));
}

/** The person's role in a workspace, or null: not a member, or no such workspace. */
export async function roleIn(db: Db, userId: string, workspaceId: string): Promise<WorkspaceRole | null> {
  const membership = await db.membership.findUnique({
    where: { workspaceId_userId: { workspaceId, userId } },
    select: { role: true },
  });
  return (membership?.role as WorkspaceRole | undefined) ?? null;
}
