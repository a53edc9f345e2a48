import { isIPv6 } from "node:net";
import { giveBack, spend } from "#records/limits.ts";
import type { Allowance, Limit } from "#records/limits.ts";
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

/** Failed sign-ins, counted for the account tried and for the address they come from. */
export function createSignInLimits(prisma: PrismaClient, limit: Limit) {
  const keysOf = ({ email, address }: { email: string; address: string }) => [
    `sign-in:account:${email.trim().toLowerCase().slice(0, 320)}`,
    `sign-in:address:${subscriberOf(address)}`,
  ];
  return {
    async spend(attempt: { email: string; address: string }): Promise<Allowance> {
      for (const key of keysOf(attempt)) {
        const allowance = await spend(prisma, key, limit);
        if (!allowance.allowed) return allowance;
      }
      return { allowed: true };
    },
    async giveBack(attempt: { email: string; address: string }): Promise<void> {
      for (const key of keysOf(attempt)) await giveBack(prisma, key, limit);
    },
  };
}
