import type { Db } from "../db.ts";

const KEPT_DAYS = 180;
const oldest = () => new Date(Date.now() - KEPT_DAYS * 86_400_000);

/** Notes that an account has signed in from an address (of one subscriber). */
export async function noteAddress(db: Db, { userId, address }: { userId: string; address: string }): Promise<void> {
  const seenAt = new Date();
  await db.knownAddress.upsert({
    where: { userId_address: { userId, address } },
    create: { userId, address, seenAt },
    update: { seenAt },
  });
}

/** Whether the account of an e-mail address has signed in from there in the last half year. */
export async function isKnownAddress(db: Db, { email, address }: { email: string; address: string }): Promise<boolean> {
  const row = await db.knownAddress.findFirst({
    where: { address, user: { email }, seenAt: { gt: oldest() } },
    select: { userId: true },
  });
  return row !== null;
}

/** Trusts no address of an account any more: whoever knew its old password may have signed in from one of them. */
export async function forgetAddresses(db: Db, userId: string): Promise<void> {
  await db.knownAddress.deleteMany({ where: { userId } });
}

/** Removes what is too old to be trusted. */
export async function sweepAddresses(db: Db): Promise<void> {
  await db.knownAddress.deleteMany({ where: { seenAt: { lte: oldest() } } });
}
