import { data } from "react-router";
import { isId } from "#domain/ids.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { ensurePersonalWorkspace } from "#records/accounts/workspaces.ts";
import type { WebDeps } from "../deps.ts";

/** The workspace that recordings are to go to: the one that was named, if this person may write to it. */
export async function writableWorkspace(
  { prisma }: Pick<WebDeps, "prisma">,
  userId: string,
  named: string | null | undefined,
): Promise<string> {
  const workspaceId = named || (await ensurePersonalWorkspace(prisma, userId));
  const role = isId(workspaceId) ? await roleIn(prisma, userId, workspaceId) : null;
  if (role === null) throw data("There is no such workspace, or you do not belong to it.", { status: 404 });
  if (!writingRoles.includes(role)) throw data("Viewers of a workspace cannot add recordings to it.", { status: 403 });
  return workspaceId;
}
