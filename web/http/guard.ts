import type { RequestHandler } from "express";
import { isDatabaseDown } from "#records/database-down.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import { ADDRESS_HEADER } from "../auth/auth-hooks.ts";
import { subscriberOf } from "../auth/sign-in-limits.ts";
import type { WebDeps } from "../deps.ts";
import { frontEndOrigins, isOwnOrigin, ownOrigins } from "./origin.ts";
import { Problem, tooManyRequests } from "./problem.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** Sets the client's address as the server knows it, over whatever the client claims. */
export const setClientAddress: RequestHandler = (request, _response, next) => {
  request.headers[ADDRESS_HEADER] = request.ip ?? "unknown";
  next();
};

/**
 * Refuses what another site's page sends in a person's name. Browsers attach cookies by themselves but never a Bearer
 * key, so whoever comes with one is free to call from anywhere.
 */
export function requireOwnOrigin(publicUrl: string, frontEnd?: string): RequestHandler {
  const own = ownOrigins(publicUrl);
  const ofApi = new Set([...own, ...frontEndOrigins(frontEnd)]);
  return (request, _response, next) => {
    const isByKey = /^Bearer /i.test(request.headers.authorization ?? "");
    // Signing in and the forms of pages are for our own pages alone.
    const origins = /^\/api\/(?!auth\/)/.test(request.path) ? ofApi : own;
    if (safeMethods.has(request.method) || isByKey || isOwnOrigin(request.headers, origins)) {
      next();
      return;
    }
    throw new Problem(
      403,
      "foreign_origin",
      `This request comes from another site. If that is your own address, set PUBLIC_URL to it (now ${publicUrl}).`,
    );
  };
}

/** Holds API requests of one address (of one person, once known) to the rate that the settings allow. */
export async function spendApiRequest({ prisma, env }: Pick<WebDeps, "prisma" | "env">, who: string): Promise<void> {
  const perMinute = env.API_RATE_PER_MINUTE;
  const allowance = await consume(prisma, `api:${who}`, { burst: perMinute, perMinute });
  if (!allowance.allowed) throw tooManyRequests(allowance.retryAfterSeconds);
}

/** As above for pages, by address, and for what listeners get. Without a database the pages say so themselves. */
export const spendPageRequest =
  ({ prisma, env }: Pick<WebDeps, "prisma" | "env">, kind: "page" | "listen" = "page"): RequestHandler =>
  async (request, _response, next) => {
    const perMinute = env.PAGE_RATE_PER_MINUTE;
    const key = `${kind}:${addressKey(request.ip)}`;
    const allowance = await consume(prisma, key, { burst: perMinute, perMinute }).catch((error: unknown) => {
      if (isDatabaseDown(error)) return null;
      throw error;
    });
    if (allowance?.allowed === false) throw tooManyRequests(allowance.retryAfterSeconds);
    next();
  };

export const addressKey = (address: string | undefined) => `address:${subscriberOf(address ?? "unknown")}`;
