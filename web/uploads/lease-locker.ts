import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lock, Locker } from "@tus/server";
import type { PrismaClient } from "#records/db.ts";
import { notFound, Problem } from "../http/problem.ts";

/** A lease is renewed well before it ends, so that only a process that died or stalls loses it. */
const leaseSeconds = 10;
const renewMs = 1_000;
const askAgainMs = 200;
const longestWaitMs = 30_000;

/**
 * One request at a time writes an upload, on whichever web process it arrives: the lock is a lease in the upload's row,
 * by the database's clock. Who finds it taken asks for it, and the holder, whose client has mostly gone by then, lets
 * go. What a killed process held is free after the lease.
 */
export function createLeaseLocker(prisma: PrismaClient): Locker {
  // Those of this process need not be asked through the database.
  const ownReleases = new Map<string, () => unknown>();

  async function take(id: string, holder: string): Promise<boolean> {
    const taken = await prisma.$executeRaw`
      UPDATE upload SET lock_holder = ${holder}::uuid, lock_wanted = false,
                        lock_until = now() + make_interval(secs => ${leaseSeconds})
      WHERE id = ${id} AND (lock_holder IS NULL OR lock_until < now())`;
    if (taken > 0) return true;
    const { count } = await prisma.upload.updateMany({ where: { id }, data: { lockWanted: true } });
    if (count === 0) throw notFound();
    await ownReleases.get(id)?.();
    return false;
  }

  /** Whether the lease is still held; `isWanted`: somebody else waits for it. */
  async function renew(id: string, holder: string): Promise<{ isHeld: boolean; isWanted: boolean }> {
    const rows = await prisma.$queryRaw<{ lock_wanted: boolean }[]>`
      UPDATE upload SET lock_until = now() + make_interval(secs => ${leaseSeconds})
      WHERE id = ${id} AND lock_holder = ${holder}::uuid RETURNING lock_wanted`;
    return { isHeld: rows.length > 0, isWanted: rows[0]?.lock_wanted ?? false };
  }

  const newLock = (id: string): Lock => {
    const holder = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    return {
      async lock(signal, release) {
        const until = Date.now() + longestWaitMs;
        while (!(await take(id, holder))) {
          if (signal.aborted || Date.now() > until) throw locked();
          await sleep(askAgainMs);
        }
        ownReleases.set(id, release);
        const look = async () => {
          // A database that is away for a moment costs nothing as long as the lease lasts.
          const { isHeld, isWanted } = await renew(id, holder).catch(() => ({ isHeld: true, isWanted: false }));
          if (!isHeld || isWanted) await release();
          if (isHeld) timer?.refresh();
        };
        timer = setTimeout(() => void look(), renewMs);
        timer.unref();
      },
      async unlock() {
        clearTimeout(timer);
        timer = undefined;
        ownReleases.delete(id);
        await prisma.upload.updateMany({
          where: { id, lockHolder: holder },
          data: { lockHolder: null, lockUntil: null, lockWanted: false },
        });
      },
    };
  };
  return { newLock };
}

const locked = () => new Problem(423, "locked", "Another window sends this file just now.");
