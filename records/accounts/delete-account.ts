import { userTopic } from "#domain/live.ts";
import { timing } from "#domain/timing.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { enqueue } from "../queues/outbox.ts";
import type { OutboxPayloads } from "../queues/outbox.ts";
import { workspacesOf } from "./access.ts";
import { isNeededAdministrator, lockAdministrators } from "./administrators.ts";
import { endApiKeys } from "./api-keys.ts";
import { audit } from "./audit.ts";
import { heirOf } from "./heirs.ts";
import { accountLinks } from "./pending-accounts.ts";
import { passwordLinks } from "./password-resets.ts";

const neededWords =
  "You are the only administrator of this server, and others have accounts here. Make somebody else administrator first, under Accounts.";

/** What becomes of what is a person's, were their account deleted now. */
export interface DeletionOutlook {
  /** Why it cannot be, in words. */
  refusal: string | null;
  /** The names of workspaces that go with all that is in them, besides the personal one. */
  gone: string[];
  /** Those that others go on with; `owner` is who becomes the owner, where that changes. */
  kept: { name: string; owner: string | null }[];
}

export async function deletionOutlook(db: Db, userId: string): Promise<DeletionOutlook> {
  const outlook: DeletionOutlook = { refusal: await refusalOf(db, userId), gone: [], kept: [] };
  for (const { id, name, role, personal } of await workspacesOf(db, userId)) {
    const heir = await heirOf(db, { userId, workspaceId: id });
    if (heir !== null) outlook.kept.push({ name, owner: role === "owner" ? heir.name : null });
    else if (!personal) outlook.gone.push(name);
  }
  return outlook;
}

/**
 * Has an account deleted: from now on nobody gets in by it, and an order is kept that has all of it removed
 * (`carryOutDeletion`). Asked again, it is the same order. The caller has checked that its owner means it.
 */
export async function requestAccountDeletion(prisma: PrismaClient, { userId }: { userId: string }): Promise<Outcome> {
  return prisma.$transaction(async (tx) => {
    await lockAdministrators(tx);
    // Sessions and keys that begin at this moment are kept before this, and end below, or after, and end with the order.
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId}::uuid FOR UPDATE`;
    const user = await tx.user.findUnique({ where: { id: userId }, select: { deletingAt: true } });
    if (user === null) return { ok: false, reason: "not_found" };
    if (user.deletingAt !== null) return { ok: true };
    const message = await refusalOf(tx, userId);
    if (message !== null) return { ok: false, reason: "conflict", message };
    await tx.user.update({ where: { id: userId }, data: { deletingAt: new Date(), role: "user" } });
    await endAllWaysIn(tx, userId);
    await tx.invite.deleteMany({ where: { createdById: userId, acceptedAt: null } });
    await audit(tx, { actorId: userId, action: "account.delete", subject: userId });
    const notBefore = new Date(Date.now() + timing.deletion.firstMs);
    await orderDeletion(tx, { userId, occasion: "asked", turn: 1 }, notBefore);
    // What is open of theirs is cut at once.
    await announce(tx, [{ topic: userTopic(userId), type: "access.ended", data: {} }]);
    return { ok: true };
  });
}

const refusalOf = async (db: Db, userId: string) => ((await isNeededAdministrator(db, userId)) ? neededWords : null);

/** Sessions, keys, the password itself, and links that lead to another one. */
export async function endAllWaysIn(tx: Tx, userId: string): Promise<void> {
  await tx.account.deleteMany({ where: { userId } });
  await tx.session.deleteMany({ where: { userId } });
  await endApiKeys(tx, userId);
  await tx.verification.deleteMany({ where: { identifier: { in: [accountLinks(userId), passwordLinks(userId)] } } });
  await tx.calendarConsent.deleteMany({ where: { ownerId: userId } });
}

const orderDeletion = (tx: Tx, order: OutboxPayloads["account.deleted"], notBefore: Date) =>
  enqueue(tx, {
    kind: "account.deleted",
    payload: order,
    // One follows another, however often that one is handed over.
    dedupeKey: `account.deleted:${order.userId}:${order.occasion}:${order.turn}`,
    partitionKey: partitionOf(order.userId),
    notBefore,
  });
// Not that of mails to the account, which may wait for long.
const partitionOf = (userId: string) => `account:${userId}`;

/** Has a deletion gone on with, from a time on. */
export const orderNextTurn = (
  prisma: PrismaClient,
  order: OutboxPayloads["account.deleted"],
  notBefore: Date,
): Promise<void> => prisma.$transaction((tx) => orderDeletion(tx, { ...order, turn: order.turn + 1 }, notBefore));

/** Orders anew what was given up, or was lost with a restored database: nobody could sign in and ask again. */
export async function orderLostDeletions(prisma: PrismaClient): Promise<void> {
  const users = await prisma.user.findMany({ where: { deletingAt: { not: null } }, select: { id: true }, take: 200 });
  for (const { id } of users) {
    await prisma.$transaction(async (tx) => {
      const waiting = { kind: "account.deleted", partitionKey: partitionOf(id), state: "new" };
      if ((await tx.outbox.count({ where: waiting })) === 0)
        await orderDeletion(tx, { userId: id, occasion: newId(), turn: 1 }, new Date());
    });
  }
}
