import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { isAPIError } from "better-auth/api";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import type { WebEnv } from "../env.ts";
import { ownOrigins } from "../http/origin.ts";
import { settleAccount } from "./accounts.ts";
import { ADDRESS_HEADER, createAuthHooks } from "./auth-hooks.ts";
import { passwordLength } from "#domain/inputs/account.ts";
import { createSignUpMail } from "./sign-up-mail.ts";

const SESSION_SECONDS = 30 * 86_400;

export function createBetterAuth({ env, prisma }: { env: WebEnv; prisma: PrismaClient }) {
  const isHttps = env.PUBLIC_URL.startsWith("https:");
  const signUpMail = createSignUpMail({ env, prisma });
  const { hooks, beforeAccountUpdate } = createAuthHooks({ env, prisma, signUpMail });
  return betterAuth({
    appName: "Convene",
    baseURL: env.PUBLIC_URL,
    basePath: "/api/auth",
    secret: env.CONVENE_SECRET,
    trustedOrigins: [...ownOrigins(env.PUBLIC_URL)],
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: prismaAdapter(prisma, { provider: "postgresql", transaction: true }),
    user: {
      additionalFields: {
        role: { type: "string", required: false, defaultValue: "user", input: false },
        pending: { type: "boolean", required: false, defaultValue: false, input: false, returned: false },
      },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      // Without a session at once, better-auth answers alike for an address that is taken and hashes its password too.
      autoSignIn: !signUpMail.isOn,
      onExistingUserSignUp: ({ user }) => signUpMail.tell(user.id),
      revokeSessionsOnPasswordReset: true,
    },
    account: { accountLinking: { enabled: false } },
    session: { expiresIn: SESSION_SECONDS, updateAge: 86_400 },
    // Its own limiter counts in memory, by process; ours is in Postgres (see the hooks).
    rateLimit: { enabled: false },
    advanced: {
      // Where better-auth puts rows together itself it prints what fails on the console, past its logger and ours.
      database: { generateId: () => newId(), joins: true },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Browsers take `__Host-` cookies over https only, and never for another path or a parent domain.
      useSecureCookies: false,
      cookiePrefix: isHttps ? "__Host-convene" : "convene",
      defaultCookieAttributes: { secure: isHttps, httpOnly: true, sameSite: "lax", path: "/" },
    },
    hooks,
    databaseHooks: {
      user: {
        create: {
          before: async () => ({ data: { pending: await signUpMail.isPending() } }),
          async after({ id, pending }) {
            if (pending) await signUpMail.tell(id);
            else await settleAccount(prisma, id);
          },
        },
      },
      account: { update: { before: beforeAccountUpdate } },
      session: {
        create: {
          before: ({ userId }, context) => signUpMail.requireOpen(userId, context?.headers),
          // Settles an account that was just opened, and repairs one whose making was cut short.
          after: ({ userId }) => settleAccount(prisma, userId),
        },
      },
    },
    onAPIError: {
      onError(error) {
        if (!isAPIError(error)) throw error;
      },
    },
  });
}
