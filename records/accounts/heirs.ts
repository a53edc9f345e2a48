import type { Db } from "../db.ts";
import type { WorkspaceRole } from "./access.ts";

const order: WorkspaceRole[] = ["owner", "admin", "member", "viewer"];

/**
 * Who owns a workspace when a person leaves it for good: the admin who has been there longest, else the member, else the
 * viewer. Null: nobody else is there, unless their account is being deleted too.
 */
export async function heirOf(
  db: Db,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<{ userId: string; name: string } | null> {
  const others = await db.membership.findMany({
    where: { workspaceId, userId: { not: userId }, user: { deletingAt: null } },
    select: { userId: true, role: true, user: { select: { name: true } } },
    orderBy: [{ createdAt: "asc" }, { userId: "asc" }],
  });
  const rank = ({ role }: { role: string }) => order.indexOf(role as WorkspaceRole);
  const [first] = others.toSorted((a, b) => rank(a) - rank(b));
  return first === undefined ? null : { userId: first.userId, name: first.user.name };
}
