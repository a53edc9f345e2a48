import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import type { PrismaClient } from "#records/db.ts";

/** Where a person may add channels. */
export const writableWorkspaces = async (prisma: PrismaClient, userId: string) =>
  (await workspacesOf(prisma, userId)).filter(({ role }) => writingRoles.includes(role));

/** The one of them that a form names; the first where it names none. Undefined: not theirs to add to. */
export const chosenWorkspace = <Each extends { id: string }>(
  workspaces: readonly Each[],
  asked: string | undefined,
): Each | undefined => (asked ? workspaces.find(({ id }) => id === asked) : workspaces[0]);

export const notTheirs = { workspaceId: "You cannot add to this workspace. Choose another." };
