import type { Db } from "../db.ts";
import { sweepAddresses } from "./known-addresses.ts";
import { sweepPasswordResets } from "./password-resets.ts";
import { sweepPendingAccounts } from "./pending-accounts.ts";

/** At most `burst` at once; spent ones come back at `perMinute`. */
export interface Limit {
  burst: number;
  perMinute: number;
}

/** Whether one more is allowed now, and if not, in how many seconds it will be. */
export type Allowance = { allowed: true } | { allowed: false; retryAfterSeconds: number };

/**
 * Spends one of a limit, kept in Postgres so that it holds across processes and restarts. A row says until when the
 * key is "in debt" (the generic cell rate algorithm), so that one statement decides, whoever asks at the same time.
 */
export async function consume(db: Db, key: string, { burst, perMinute }: Limit): Promise<Allowance> {
  const step = 60 / perMinute;
  const spent = await db.$queryRaw<unknown[]>`
    INSERT INTO rate_limit AS r (key, paid_at) VALUES (${key}, clock_timestamp() + make_interval(secs => ${step}))
    ON CONFLICT (key) DO UPDATE
      SET paid_at = greatest(r.paid_at, clock_timestamp()) + make_interval(secs => ${step})
      WHERE greatest(r.paid_at, clock_timestamp()) <= clock_timestamp() + make_interval(secs => ${step * (burst - 1) + 0.001})
    RETURNING 1 AS spent`;
  if (spent.length > 0) return { allowed: true };
  const [debt] = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM paid_at - clock_timestamp())::float8 AS seconds FROM rate_limit WHERE key = ${key}`;
  const wait = (debt?.seconds ?? 0) - step * (burst - 1);
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(wait)) };
}

/** Gives one back, for what turned out not to count (a sign-in that succeeded). */
export async function refund(db: Db, key: string, { perMinute }: Limit): Promise<void> {
  await db.$executeRaw`
    UPDATE rate_limit SET paid_at = paid_at - make_interval(secs => ${60 / perMinute}) WHERE key = ${key}`;
}

/** Removes the rows of keys that owe nothing any more, addresses that are known no longer, accounts never opened. */
export async function sweepLimits(db: Db): Promise<void> {
  await sweepAddresses(db);
  await sweepPendingAccounts(db);
  await sweepPasswordResets(db);
  await db.$executeRaw`DELETE FROM rate_limit WHERE paid_at < clock_timestamp()`;
}
