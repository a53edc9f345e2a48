import type { IncomingMessage } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { consume } from "#records/accounts/rate-limit.ts";
import type { PrismaClient } from "#records/db.ts";
import { subscriberOf } from "../auth/sign-in-limits.ts";
import { frontEndOrigins, isOwnOrigin, ownOrigins } from "../http/origin.ts";

interface ConnectionGateOptions {
  prisma: PrismaClient;
  /** Each kind of connection is counted by itself. */
  kind: "live" | "practice";
  publicUrl: string;
  /** A front end's address that may connect besides our own pages. */
  frontEnd?: string | undefined;
  /** Number of reverse proxies in front; each adds one address to `X-Forwarded-For`. */
  trustProxy: number;
  connectionsPerMinute?: number;
}

export type ConnectionGate = ReturnType<typeof createConnectionGate>;

/** What is asked of a connection before anybody knows whose it is. */
export function createConnectionGate({
  prisma,
  kind,
  publicUrl,
  frontEnd,
  trustProxy,
  connectionsPerMinute = 300,
}: ConnectionGateOptions) {
  const origins = new Set([...ownOrigins(publicUrl), ...frontEndOrigins(frontEnd)]);
  const limiter = new RateLimiterMemory({ points: connectionsPerMinute, duration: 60 });

  function addressOf(request: IncomingMessage): string {
    const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
    const told = trustProxy > 0 ? forwarded.at(-trustProxy)?.trim() : undefined;
    return subscriberOf(told || (request.socket.remoteAddress ?? "unknown"));
  }

  /** Counted here first, so that a flood does not reach the database; what passes counts for all processes together. */
  async function spend(key: string): Promise<boolean> {
    const isCalm = await limiter.consume(key).then(
      () => true,
      () => false,
    );
    if (!isCalm) return false;
    const limit = { burst: connectionsPerMinute, perMinute: connectionsPerMinute };
    // Without a database nobody's name is known either, and that refuses in its own words.
    const { allowed } = await consume(prisma, `${kind}:${key}`, limit).catch(() => ({ allowed: true }));
    return allowed;
  }

  return {
    isOwnOrigin: (request: IncomingMessage) => isOwnOrigin(request.headers, origins),
    /** Counts one connection against the address it comes from; false: too many within the minute. */
    spendForAddress: (request: IncomingMessage) => spend(`address ${addressOf(request)}`),
    /** The same against the person, whatever addresses they have. */
    spendForUser: (userId: string) => spend(`user ${userId}`),
  };
}
