import { userTopic } from "#domain/live.ts";
import type { ServerRole } from "#domain/server-role.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { audit } from "./audit.ts";
import { hasAccounts } from "./users.ts";

/** Any number will do, as long as every process takes the same. */
const ADMINISTRATORS_LOCK = 7_205_911_347;

/** Who looks after this server changes for one at a time: two at once must neither both become it, nor both cease to be. */
export async function lockAdministrators(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})::text AS locked`;
}

/**
 * Makes the first account of the server and its sign-in, at once or not at all, also where several processes start on
 * the same new database. Gives its id; null where somebody has an account already.
 */
export const createFirstAdministrator = (
  prisma: PrismaClient,
  { email, passwordHash }: { email: string; passwordHash: string },
): Promise<string | null> =>
  prisma.$transaction(async (tx) => {
    await lockAdministrators(tx);
    if (await hasAccounts(tx)) return null;
    const id = newId();
    // As better-auth keeps a password.
    const account = { id: newId(), providerId: "credential", accountId: id, password: passwordHash };
    await tx.user.create({ data: { id, email, name: "Administrator", role: "admin", accounts: { create: account } } });
    return id;
  });

// Who cannot sign in looks after nothing.
const administrators = { role: "admin", pending: false, deletingAt: null };

/** How many accounts can look after the server. */
export const countAdministrators = (db: Db): Promise<number> => db.user.count({ where: administrators });

/** Whether nobody else could look after the server, though others have accounts: the next to sign in would become its administrator. */
export async function isNeededAdministrator(db: Db, userId: string): Promise<boolean> {
  if (!(await isOnlyAdministrator(db, userId))) return false;
  return (await db.user.count({ where: { id: { not: userId }, deletingAt: null } })) > 0;
}

async function isOnlyAdministrator(db: Db, userId: string): Promise<boolean> {
  if ((await db.user.count({ where: { id: userId, role: "admin" } })) === 0) return false;
  return (await db.user.count({ where: { ...administrators, id: { not: userId } } })) === 0;
}

const refusals = {
  only: "This is the server's only administrator. Make somebody else administrator first.",
  deleting: "This account is being deleted.",
  pending: "This account is not open yet: its owner has to follow the link in the mail first.",
};

export interface RoleChange {
  actorId: string;
  userId: string;
  role: ServerRole;
}

/**
 * Makes an account an administrator of the server, or takes that back; their open pages hear of it at once. `isNew` is
 * false where it was so already. `forbidden`: who asks is no administrator, or not any more; `conflict`: the account
 * cannot be signed in to, or is the only administrator.
 */
export async function changeRole(
  prisma: PrismaClient,
  { actorId, userId, role }: RoleChange,
): Promise<Outcome<{ isNew: boolean }, "not_found" | "forbidden" | "conflict">> {
  return prisma.$transaction(async (tx) => {
    await lockAdministrators(tx);
    if ((await tx.user.count({ where: { ...administrators, id: actorId } })) === 0) {
      return { ok: false, reason: "forbidden" };
    }
    const user = await tx.user.findUnique({
      where: { id: userId },
      select: { role: true, pending: true, deletingAt: true },
    });
    if (user === null) return { ok: false, reason: "not_found" };
    if (user.role === role) return { ok: true, isNew: false };
    const message = role === "admin" ? cannotAct(user) : (await isOnlyAdministrator(tx, userId)) ? refusals.only : null;
    if (message !== null) return { ok: false, reason: "conflict", message };
    await tx.user.update({ where: { id: userId }, data: { role } });
    await audit(tx, { actorId, action: "account.role", subject: userId, details: { role } });
    await announce(tx, [{ topic: userTopic(userId), type: "role.changed", data: { role } }]);
    return { ok: true, isNew: true };
  });
}

function cannotAct({ pending, deletingAt }: { pending: boolean; deletingAt: Date | null }): string | null {
  if (deletingAt !== null) return refusals.deleting;
  return pending ? refusals.pending : null;
}
