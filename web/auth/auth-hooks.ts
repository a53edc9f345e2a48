import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from "better-auth/api";
import { z } from "zod";
import type { PrismaClient } from "#records/db.ts";
import { revokeAllApiKeys } from "#records/accounts/api-keys.ts";
import { forgetAddresses, noteAddress } from "#records/accounts/known-addresses.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import { findInvite } from "#records/accounts/invites.ts";
import { hasAccounts } from "#records/accounts/users.ts";
import type { WebEnv } from "../env.ts";
import { parseBody, refuseUnkeepable, withCleanProfile } from "./auth-input.ts";
import { commonPasswordWords, isCommonPassword } from "./passwords.ts";
import { mailedAnswer } from "./sign-up-mail.ts";
import type { SignUpMail } from "./sign-up-mail.ts";
import { createSignInLimits, subscriberOf } from "./sign-in-limits.ts";
import type { Turn } from "./sign-in-limits.ts";

/** The header in which the server tells the client's address, whatever the client itself sent under that name. */
export const ADDRESS_HEADER = "x-convene-address";
/** A sign-up's invite token, which opens a server whose sign-up is closed. */
export const INVITE_HEADER = "x-convene-invite";

const Email = z.object({ email: z.email() });
const PasswordChange = z.object({ newPassword: z.string(), keepApiKeys: z.boolean().default(false) });
type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0];

const addressOf = (headers: Headers | undefined) => headers?.get(ADDRESS_HEADER) ?? "unknown";

/** Our rules for better-auth's own routes, before and after it does its part. */
export function createAuthHooks({
  env,
  prisma,
  signUpMail,
}: {
  env: WebEnv;
  prisma: PrismaClient;
  signUpMail: SignUpMail;
}) {
  const signIns = createSignInLimits(prisma, { burst: env.SIGN_IN_BURST, perMinute: env.SIGN_IN_PER_MINUTE });
  const turnsOf = new WeakMap<Request, Turn[]>();
  const keepingKeys = new WeakSet<Request>();
  const byMail = new WeakSet<Request>();

  const requireSignUp = async (headers: Headers | undefined) => {
    const key = `sign-up:address:${subscriberOf(addressOf(headers))}`;
    const allowance = await consume(prisma, key, { burst: env.SIGN_UP_PER_HOUR, perMinute: env.SIGN_UP_PER_HOUR / 60 });
    if (!allowance.allowed) throw tooMany(allowance.retryAfterSeconds);
    if (env.SIGN_UP === "open") return;
    const invite = headers?.get(INVITE_HEADER);
    if (invite && (await findInvite(prisma, invite))) return;
    if (!(await hasAccounts(prisma))) return;
    throw new APIError("FORBIDDEN", { code: "sign_up_closed", message: "Sign-up is closed. Ask for an invite link." });
  };

  const takeTry = async (context: Context, email: string) => {
    const taken = await signIns.take({ email, address: addressOf(context.headers) });
    if (!taken.allowed) throw tooMany(taken.retryAfterSeconds);
    if (context.request) turnsOf.set(context.request, taken.turns);
  };

  /** What nobody is signed in for, and what is no address, better-auth refuses itself, before it looks at a password. */
  const before = createAuthMiddleware(async (context) => {
    refuseUnkeepable(context);
    switch (context.path) {
      case "/sign-up/email": {
        await requireSignUp(context.headers);
        const body = withCleanProfile(context.body);
        refuseCommon(body.password);
        const way = await signUpMail.prepare(body);
        if (way === "enough") return context.json(mailedAnswer);
        if (way === "mail" && context.request) byMail.add(context.request);
        return { context: { body } };
      }
      case "/update-user":
        return { context: { body: withCleanProfile(context.body) } };
      case "/sign-in/email": {
        const attempt = Email.safeParse(context.body);
        if (attempt.success) await takeTry(context, attempt.data.email);
        return;
      }
      case "/verify-password":
      case "/change-password": {
        const session = await getSessionFromCtx(context, { disableRefresh: true });
        if (session === null) return;
        if (context.path === "/verify-password") return takeTry(context, session.user.email);
        const { newPassword, keepApiKeys } = parseBody(PasswordChange, context.body);
        refuseCommon(newPassword);
        await takeTry(context, session.user.email);
        // better-auth drops fields that it does not know before it gets to the account.
        if (keepApiKeys && context.request) keepingKeys.add(context.request);
        // Whoever changes a password may be shutting somebody out.
        return { context: { body: { ...Object(context.body), revokeOtherSessions: true } } };
      }
    }
  });

  const after = createAuthMiddleware(async (context) => {
    const { returned } = context.context;
    if (isAPIError(returned)) {
      if (context.path === "/sign-up/email" && returned.statusCode === 422) throw signUpRefused();
      return;
    }
    if (context.request && byMail.has(context.request)) return context.json(mailedAnswer);
    const turns = context.request && turnsOf.get(context.request);
    if (turns) await signIns.refund(turns);
    const opened = context.context.newSession;
    if (opened === null || !["/sign-in/email", "/sign-up/email", "/change-password"].includes(context.path)) return;
    const userId = opened.user.id;
    if (context.path === "/change-password") await forgetAddresses(prisma, userId);
    await noteAddress(prisma, { userId, address: subscriberOf(addressOf(context.headers)) });
  });

  /** Runs when the present password has proved right and before the new one is kept: no key outlives the old one. */
  const beforeAccountUpdate = async (
    _account: unknown,
    context: Pick<Context, "path" | "request" | "context"> | null,
  ) => {
    if (context?.path !== "/change-password" || (context.request && keepingKeys.has(context.request))) return;
    if (context.context.session) await revokeAllApiKeys(prisma, context.context.session.user.id);
  };

  return { hooks: { before, after }, beforeAccountUpdate };
}

function refuseCommon(password: unknown) {
  if (typeof password !== "string" || !isCommonPassword(password)) return;
  throw new APIError("UNPROCESSABLE_ENTITY", { code: "common_password", message: commonPasswordWords });
}

/** For an address that is taken, also by another sign-up at the same moment: nothing that says so outright. */
const signUpRefused = () =>
  new APIError("UNPROCESSABLE_ENTITY", {
    code: "sign_up_refused",
    message: "No account was made. If this address has one already, sign in; otherwise check what you entered.",
  });

const tooMany = (seconds: number) =>
  new APIError(
    "TOO_MANY_REQUESTS",
    { code: "too_many_requests", message: `Too many tries. Try again in ${seconds} seconds.` },
    { "retry-after": String(seconds) },
  );
