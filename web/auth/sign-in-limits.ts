import { isIPv6 } from "node:net";
import { refund, consume } from "#records/accounts/rate-limit.ts";
import type { Allowance, Limit } from "#records/accounts/rate-limit.ts";
import { isKnownAddress } from "#records/accounts/known-addresses.ts";
import type { PrismaClient } from "#records/db.ts";

/**
 * The part of an address that one subscriber holds: an IPv4 address whole, of IPv6 the first 64 bits, since the rest
 * is theirs to change with every request.
 */
export function subscriberOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("%")[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(":")}::/64`;
}

/** What a try has spent, to be given back where the password turns out right. */
export interface Turn {
  key: string;
  limit: Limit;
}

/** Whether a password may be tried now, and what that spent. */
export type Try = (Allowance & { allowed: true; turns: Turn[] }) | Extract<Allowance, { allowed: false }>;

/**
 * Failed tries of passwords, counted for an account and an address together, for the address alone, and, ten times
 * higher and slower, for the account alone: guessing from many addresses is held to a hundred and then to a hundred
 * and fifty a day. Whoever guesses must not keep the owner out with that, so at an address from which the account was
 * opened before only the first of the three decides; the others are spent there, as far as they go.
 */
export function createSignInLimits(prisma: PrismaClient, limit: Limit) {
  const accountLimit = { burst: limit.burst * 10, perMinute: limit.perMinute / 10 };
  return {
    async take({ email, address }: { email: string; address: string }): Promise<Try> {
      const account = email.toLowerCase();
      const subscriber = subscriberOf(address);
      const own: Turn = { key: `sign-in:both:${account} ${subscriber}`, limit };
      const shared: Turn[] = [
        { key: `sign-in:address:${subscriber}`, limit },
        { key: `sign-in:account:${account}`, limit: accountLimit },
      ];
      const allowance = await consume(prisma, own.key, own.limit);
      if (!allowance.allowed) return allowance;
      const isKnown = await isKnownAddress(prisma, { email: account, address: subscriber });
      const turns = [own];
      for (const turn of shared) {
        const more = await consume(prisma, turn.key, turn.limit);
        if (more.allowed) turns.push(turn);
        else if (!isKnown) return more;
      }
      return { allowed: true, turns };
    },
    async refund(turns: readonly Turn[]): Promise<void> {
      for (const { key, limit: spent } of turns) await refund(prisma, key, spent);
    },
  };
}
