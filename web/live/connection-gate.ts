import type { IncomingMessage } from "node:http";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { subscriberOf } from "../auth/sign-in-limits.ts";
import { isOwnOrigin, ownOrigins } from "../http/origin.ts";

interface ConnectionGateOptions {
  publicUrl: string;
  /** Number of reverse proxies in front; each adds one address to `X-Forwarded-For`. */
  trustProxy: number;
  connectionsPerMinute?: number;
}

export type ConnectionGate = ReturnType<typeof createConnectionGate>;

/** What is asked of a connection before anybody knows whose it is. */
export function createConnectionGate({ publicUrl, trustProxy, connectionsPerMinute = 300 }: ConnectionGateOptions) {
  const origins = ownOrigins(publicUrl);
  const limiter = new RateLimiterMemory({ points: connectionsPerMinute, duration: 60 });

  function addressOf(request: IncomingMessage): string {
    const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
    const told = trustProxy > 0 ? forwarded.at(-trustProxy)?.trim() : undefined;
    return subscriberOf(told || (request.socket.remoteAddress ?? "unknown"));
  }

  const spend = (key: string) =>
    limiter.consume(key).then(
      () => true,
      () => false,
    );

  return {
    isOwnOrigin: (request: IncomingMessage) => isOwnOrigin(request.headers, origins),
    /** Counts one connection against the address it comes from; false: too many within the minute. */
    spendForAddress: (request: IncomingMessage) => spend(`address ${addressOf(request)}`),
    /** The same against the person, whatever addresses they have. */
    spendForUser: (userId: string) => spend(`user ${userId}`),
  };
}
