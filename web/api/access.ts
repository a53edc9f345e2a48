import { roleIn, writingRoles } from "#records/accounts/access.ts";
import type { WorkspaceRole } from "#records/accounts/access.ts";
import { ensurePersonalWorkspace } from "#records/accounts/workspaces.ts";
import { homeOfConversation } from "#records/conversations/conversations.ts";
import { isId } from "#domain/ids.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { forbidden, notFound } from "../http/problem.ts";

interface Asked {
  deps: Pick<WebDeps, "prisma">;
  actor: Pick<Actor, "userId">;
}

/** Refuses whoever may not see a conversation (404) or may see but not change it (403). Gives its workspace. */
export async function requireWriter({ deps: { prisma }, actor }: Asked, id: string): Promise<string> {
  const home = await homeOfConversation(prisma, actor.userId, id);
  if (home === null) throw notFound();
  await requireRole({ deps: { prisma }, actor }, home.workspaceId, writingRoles);
  return home.workspaceId;
}

/** Refuses whoever does not belong to a workspace (404) or has none of the roles there (403). */
export async function requireRole(
  { deps: { prisma }, actor }: Asked,
  workspaceId: string,
  roles: readonly WorkspaceRole[],
): Promise<WorkspaceRole> {
  const role = await roleIn(prisma, actor.userId, workspaceId);
  if (role === null) throw notFound();
  if (!roles.includes(role)) throw forbidden(`Your role in this workspace (${role}) does not allow this.`);
  return role;
}

/** The workspace that new work goes to: the one named, or the person's own. */
export async function targetWorkspace(asked: Asked, workspaceId: string | undefined): Promise<string> {
  if (workspaceId === undefined) return ensurePersonalWorkspace(asked.deps.prisma, asked.actor.userId);
  if (!isId(workspaceId)) throw notFound();
  await requireRole(asked, workspaceId, writingRoles);
  return workspaceId;
}
