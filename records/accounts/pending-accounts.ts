import { randomBytes } from "node:crypto";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";
import { hashToken } from "../token-hash.ts";

const LINK_HOURS = 24;
const KEPT_HOURS = 48;
const fromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000);
/** Under which the token of an account's mail is kept that opens it. */
export const accountLinks = (userId: string) => `open-account:${userId}`;

/** Has the owner of an address told what came of a sign-up with it: how to open the account, or that they have one. */
export const mailSignUp = (prisma: PrismaClient, userId: string): Promise<void> =>
  prisma.$transaction((tx) =>
    enqueue(tx, {
      kind: "mail.sign-up",
      payload: { userId },
      dedupeKey: `mail.sign-up:${newId()}`,
      partitionKey: userId,
    }),
  );

/** Makes room for another sign-up with the address: whoever was first may have been somebody else. */
export async function dropPendingAccount(db: Db, email: string): Promise<void> {
  await db.user.deleteMany({ where: { email, pending: true } });
}

/** What the mail after a sign-up says. `token` is made for it and opens the account; null for one that is open. */
export async function signUpMailOf(prisma: PrismaClient, userId: string) {
  const user = await prisma.user.findUnique({
    where: { id: userId },
    select: { email: true, pending: true, deletingAt: true },
  });
  if (user === null || user.deletingAt !== null) return null;
  if (!user.pending) return { email: user.email, token: null };
  const token = randomBytes(24).toString("base64url");
  const identifier = accountLinks(userId);
  await prisma.$transaction([
    prisma.verification.deleteMany({ where: { identifier } }),
    prisma.verification.create({
      data: { id: newId(), identifier, value: hashToken(token), expiresAt: fromNow(LINK_HOURS) },
    }),
  ]);
  return { email: user.email, token };
}

/** Whether an account can be signed in to: it is open, or is opened now by the token that its mail carried. */
export async function openAccount(prisma: PrismaClient, userId: string, token: string | null): Promise<boolean> {
  const pending = await prisma.user.count({ where: { id: userId, pending: true } });
  if (pending === 0) return true;
  if (token === null) return false;
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.verification.deleteMany({
      where: { identifier: accountLinks(userId), value: hashToken(token), expiresAt: { gt: new Date() } },
    });
    if (count === 0) return false;
    await tx.user.update({ where: { id: userId }, data: { pending: false, emailVerified: true } });
    return true;
  });
}

/** Opens an account as if it had been made without mail. */
export async function openWithoutMail(db: Db, userId: string): Promise<void> {
  await db.user.updateMany({ where: { id: userId, pending: true }, data: { pending: false } });
}

/** Removes accounts that nobody opened in time, and the tokens of their mails. */
export async function sweepPendingAccounts(db: Db): Promise<void> {
  await db.user.deleteMany({ where: { pending: true, createdAt: { lt: fromNow(-KEPT_HOURS) } } });
  await db.verification.deleteMany({
    where: { identifier: { startsWith: accountLinks("") }, expiresAt: { lt: new Date() } },
  });
}
