import { randomBytes } from "node:crypto";
import { isId } from "#domain/ids.ts";
import { audit } from "./audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { hashToken } from "../token-hash.ts";

const FORM = /^cnv_[A-Za-z0-9_-]{43}$/;

const shown = {
  id: true,
  name: true,
  prefix: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
} as const;

/** Makes a key for programs. `key` is the only time it can be read: the database keeps its hash. */
export async function createApiKey(
  prisma: PrismaClient,
  { userId, name, expiresAt }: { userId: string; name: string; expiresAt: Date | null },
) {
  const key = `cnv_${randomBytes(32).toString("base64url")}`;
  return prisma.$transaction(async (tx) => {
    const row = await tx.apiKey.create({
      data: { id: newId(), userId, name, expiresAt, prefix: key.slice(0, 10), keyHash: hashToken(key) },
      select: shown,
    });
    await audit(tx, { actorId: userId, action: "api_key.create", subject: row.id });
    return { ...row, key };
  });
}

/** A person's keys that still work, newest first. */
export const apiKeysOf = (db: Db, userId: string) =>
  db.apiKey.findMany({ where: { userId, ...working() }, select: shown, orderBy: { createdAt: "desc" } });

/** Ends a key at once. False: no such key of this person. */
export async function revokeApiKey(prisma: PrismaClient, { userId, id }: { userId: string; id: string }) {
  if (!isId(id)) return false;
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id, userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    if (count > 0) await audit(tx, { actorId: userId, action: "api_key.revoke", subject: id });
    return count > 0;
  });
}

/** Ends every key of a person at once. */
export const revokeAllApiKeys = (prisma: PrismaClient, userId: string): Promise<void> =>
  prisma.$transaction((tx) => endApiKeys(tx, userId));

/** As `revokeAllApiKeys`, with what else changes in the transaction. */
export async function endApiKeys(tx: Tx, userId: string): Promise<void> {
  const revoked = await tx.apiKey.updateManyAndReturn({
    where: { userId, revokedAt: null },
    data: { revokedAt: new Date() },
    select: { id: true },
  });
  for (const { id } of revoked) await audit(tx, { actorId: userId, action: "api_key.revoke", subject: id });
}

/** Whose key this is; null for one that is unknown, revoked or expired. */
export async function findApiKey(db: Db, key: string) {
  if (!FORM.test(key)) return null;
  const row = await db.apiKey.findFirst({
    where: { keyHash: hashToken(key), user: { deletingAt: null }, ...working() },
    select: { id: true, lastUsedAt: true, user: { select: { id: true, role: true } } },
  });
  if (row === null) return null;
  await noteUse(db, row);
  return { id: row.id, userId: row.user.id, role: row.user.role };
}

const working = () => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] });

// To the minute is enough for people, and spares a write with every request.
async function noteUse(db: Db, { id, lastUsedAt }: { id: string; lastUsedAt: Date | null }) {
  const now = new Date();
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < 60_000) return;
  await db.apiKey.updateMany({ where: { id }, data: { lastUsedAt: now } });
}
