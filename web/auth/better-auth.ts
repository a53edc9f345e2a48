import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware, isAPIError } from "better-auth/api";
import { z } from "zod";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { spend } from "#records/limits.ts";
import { findInvite } from "#records/workspaces.ts";
import type { WebEnv } from "../env.ts";
import { ownOrigins } from "../http/origin.ts";
import { settleAccount } from "./accounts.ts";
import { createSignInLimits, subscriberOf } from "./sign-in-limits.ts";

/** The header in which the server tells the client's address, whatever the client itself sent under that name. */
export const ADDRESS_HEADER = "x-convene-address";
/** A sign-up's invite token, which opens a server whose sign-up is closed. */
export const INVITE_HEADER = "x-convene-invite";

const SESSION_SECONDS = 30 * 86_400;
const Email = z.object({ email: z.string() });

export function createBetterAuth({ env, prisma }: { env: WebEnv; prisma: PrismaClient }) {
  const isHttps = env.PUBLIC_URL.startsWith("https:");
  const signIns = createSignInLimits(prisma, { burst: env.SIGN_IN_BURST, perMinute: env.SIGN_IN_PER_MINUTE });

  const addressOf = (headers: Headers | undefined) => headers?.get(ADDRESS_HEADER) ?? "unknown";

  const requireSignUp = async (headers: Headers | undefined) => {
    const key = `sign-up:address:${subscriberOf(addressOf(headers))}`;
    const allowance = await spend(prisma, key, { burst: env.SIGN_UP_PER_HOUR, perMinute: env.SIGN_UP_PER_HOUR / 60 });
    if (!allowance.allowed) throw tooMany(allowance.retryAfterSeconds);
    if (env.SIGN_UP === "open") return;
    const invite = headers?.get(INVITE_HEADER);
    if (invite && (await findInvite(prisma, invite))) return;
    if ((await prisma.user.count()) === 0) return;
    throw new APIError("FORBIDDEN", { code: "sign_up_closed", message: "Sign-up is closed. Ask for an invite link." });
  };

  return betterAuth({
    appName: "Convene",
    baseURL: env.PUBLIC_URL,
    basePath: "/api/auth",
    secret: env.CONVENE_SECRET,
    trustedOrigins: [...ownOrigins(env.PUBLIC_URL)],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: prismaAdapter(prisma, { provider: "postgresql", transaction: true }),
    user: { additionalFields: { role: { type: "string", required: false, defaultValue: "user", input: false } } },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    account: { accountLinking: { enabled: false } },
    session: { expiresIn: SESSION_SECONDS, updateAge: 86_400 },
    // Its own limiter counts in memory, by process; ours is in Postgres (see the hooks).
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Browsers take `__Host-` cookies over https only, and never for another path or a parent domain.
      useSecureCookies: false,
      cookiePrefix: isHttps ? "__Host-convene" : "convene",
      defaultCookieAttributes: { secure: isHttps, httpOnly: true, sameSite: "lax", path: "/" },
    },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        if (context.path === "/sign-up/email") await requireSignUp(context.headers);
        if (context.path === "/sign-in/email") {
          const attempt = Email.safeParse(context.body);
          if (!attempt.success) return;
          const allowance = await signIns.spend({ ...attempt.data, address: addressOf(context.headers) });
          if (!allowance.allowed) throw tooMany(allowance.retryAfterSeconds);
        }
        // Whoever changes a password may be shutting somebody out.
        if (context.path === "/change-password") {
          return { context: { body: { ...Object(context.body), revokeOtherSessions: true } } };
        }
      }),
      after: createAuthMiddleware(async (context) => {
        if (context.path !== "/sign-in/email" || isAPIError(context.context.returned)) return;
        const attempt = Email.safeParse(context.body);
        if (attempt.success) await signIns.giveBack({ ...attempt.data, address: addressOf(context.headers) });
      }),
    },
    databaseHooks: {
      user: { create: { after: ({ id }) => settleAccount(prisma, id) } },
      // Repairs an account whose making was cut short.
      session: { create: { after: ({ userId }) => settleAccount(prisma, userId) } },
    },
    onAPIError: {
      onError(error) {
        if (!isAPIError(error)) throw error;
      },
    },
  });
}

const tooMany = (seconds: number) =>
  new APIError(
    "TOO_MANY_REQUESTS",
    { code: "too_many_requests", message: `Too many tries. Try again in ${seconds} seconds.` },
    { "retry-after": String(seconds) },
  );
