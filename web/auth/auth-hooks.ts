import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import { z } from "zod";
import type { PrismaClient } from "#records/db.ts";
import { forgetAddresses, noteAddress } from "#records/known-addresses.ts";
import { spend } from "#records/limits.ts";
import { findInvite } from "#records/workspaces.ts";
import type { WebEnv } from "../env.ts";
import { createSignInLimits, subscriberOf } from "./sign-in-limits.ts";
import type { Turn } from "./sign-in-limits.ts";

/** The header in which the server tells the client's address, whatever the client itself sent under that name. */
export const ADDRESS_HEADER = "x-convene-address";
/** A sign-up's invite token, which opens a server whose sign-up is closed. */
export const INVITE_HEADER = "x-convene-invite";

const Email = z.object({ email: z.email() });
type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

const addressOf = (headers: Headers | undefined) => headers?.get(ADDRESS_HEADER) ?? "unknown";

/** Our rules for better-auth's own routes, before and after it does its part. */
export function createAuthHooks({ env, prisma }: { env: WebEnv; prisma: PrismaClient }) {
  const signIns = createSignInLimits(prisma, { burst: env.SIGN_IN_BURST, perMinute: env.SIGN_IN_PER_MINUTE });
  const turnsOf = new WeakMap<Request, Turn[]>();

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

  // Whose password is tried. Nobody's, where better-auth refuses the request before it looks at one.
  const triedAccount = async (context: Context): Promise<string | null> => {
    if (context.path === "/sign-in/email") return Email.safeParse(context.body).data?.email ?? null;
    if (context.path !== "/change-password" && context.path !== "/verify-password") return null;
    const session = await getSessionFromCtx(context, { disableRefresh: true });
    return session?.user.email ?? null;
  };

  const takeTry = async (context: Context) => {
    const email = await triedAccount(context);
    if (email === null) return;
    const taken = await signIns.take({ email, address: addressOf(context.headers) });
    if (!taken.allowed) throw tooMany(taken.retryAfterSeconds);
    if (context.request) turnsOf.set(context.request, taken.turns);
  };

  const before = createAuthMiddleware(async (context) => {
    if (context.path === "/sign-up/email") await requireSignUp(context.headers);
    await takeTry(context);
    // Whoever changes a password may be shutting somebody out.
    if (context.path === "/change-password") {
      return { context: { body: { ...Object(context.body), revokeOtherSessions: true } } };
    }
  });

  const after = createAuthMiddleware(async (context) => {
    if (isAPIError(context.context.returned)) return;
    const turns = context.request && turnsOf.get(context.request);
    if (turns) await signIns.giveBack(turns);
    const opened = context.context.newSession;
    if (opened === null || !["/sign-in/email", "/sign-up/email", "/change-password"].includes(context.path)) return;
    const userId = opened.user.id;
    if (context.path === "/change-password") await forgetAddresses(prisma, userId);
    await noteAddress(prisma, { userId, address: subscriberOf(addressOf(context.headers)) });
  });

  return { before, after };
}

const tooMany = (seconds: number) =>
  new APIError(
    "TOO_MANY_REQUESTS",
    { code: "too_many_requests", message: `Too many tries. Try again in ${seconds} seconds.` },
    { "retry-after": String(seconds) },
  );
