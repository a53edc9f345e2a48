import { randomBytes } from "node:crypto";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";
import { hashToken } from "../token-hash.ts";
import { endApiKeys } from "./api-keys.ts";
import { audit } from "./audit.ts";
import { forgetAddresses } from "./known-addresses.ts";

const LINK_MINUTES = 60;
const prefix = "reset-password:";
/** Under which the token of a link to another password is kept. */
export const passwordLinks = (userId: string) => `${prefix}${userId}`;
const open = (token: string) => ({
  identifier: { startsWith: prefix },
  value: hashToken(token),
  expiresAt: { gt: new Date() },
});
/** One that is being deleted has no way back in. */
const ofAddress = (email: string) => ({ email: email.toLowerCase(), deletingAt: null });

/**
 * Has a link to a new password mailed to an address, if it has an account. Whether it has takes no other time: of
 * nobody's account there is an order too, of which no mail comes.
 */
export async function mailPasswordReset(prisma: PrismaClient, email: string): Promise<void> {
  const userId = (await prisma.user.findUnique({ where: ofAddress(email), select: { id: true } }))?.id ?? newId();
  await prisma.$transaction((tx) =>
    enqueue(tx, {
      kind: "mail.password",
      payload: { userId },
      dedupeKey: `mail.password:${newId()}`,
      partitionKey: userId,
    }),
  );
}

/** What the mail says; null where there is no such account. Tokens are in no row, so each mail has a new one. */
export async function passwordMailOf(prisma: PrismaClient, userId: string) {
  const user = await prisma.user.findUnique({ where: { id: userId, deletingAt: null }, select: { email: true } });
  return user && { email: user.email, token: await newToken(prisma, userId) };
}

/** The same for an operator to hand on, by the account's address. */
export async function passwordLinkOf(prisma: PrismaClient, email: string): Promise<{ token: string } | null> {
  const user = await prisma.user.findUnique({ where: ofAddress(email), select: { id: true } });
  return user && { token: await newToken(prisma, user.id) };
}

/** A token in place of the account's earlier one. */
async function newToken(prisma: PrismaClient, userId: string): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  const identifier = passwordLinks(userId);
  const expiresAt = new Date(Date.now() + LINK_MINUTES * 60_000);
  await prisma.$transaction([
    prisma.verification.deleteMany({ where: { identifier } }),
    prisma.verification.create({ data: { id: newId(), identifier, value: hashToken(token), expiresAt } }),
  ]);
  return token;
}

/** Whether a mail's link still leads to a new password. */
export const isResetOpen = async (db: Db, token: string): Promise<boolean> =>
  (await db.verification.count({ where: open(token) })) > 0;

/**
 * Gives the account that a mail's token is for another password, and ends all that the old one has opened: sessions,
 * and API keys where asked. Whoever reads the address's mail owns it, so an account that waited for that is open.
 * False: the token was used, is too old, or never was.
 */
export async function resetPassword(
  prisma: PrismaClient,
  { token, passwordHash, revokesKeys }: { token: string; passwordHash: string; revokesKeys: boolean },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const found = await tx.verification.findFirst({ where: open(token), select: { id: true, identifier: true } });
    if (found === null) return false;
    const { count } = await tx.verification.deleteMany({ where: { id: found.id } });
    if (count === 0) return false;
    const userId = found.identifier.slice(prefix.length);
    const credential = { userId, providerId: "credential" };
    await tx.account.updateMany({ where: credential, data: { password: passwordHash } });
    await tx.user.update({ where: { id: userId }, data: { pending: false, emailVerified: true } });
    await tx.session.deleteMany({ where: { userId } });
    await forgetAddresses(tx, userId);
    if (revokesKeys) await endApiKeys(tx, userId);
    await audit(tx, { actorId: userId, action: "password.reset", subject: userId });
    return true;
  });
}

/** Removes the tokens of mails that nobody followed in time. */
export async function sweepPasswordResets(db: Db): Promise<void> {
  await db.verification.deleteMany({ where: { identifier: { startsWith: prefix }, expiresAt: { lt: new Date() } } });
}
