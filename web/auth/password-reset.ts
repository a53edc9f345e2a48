import type { PrismaClient } from "#records/db.ts";
import { isResetOpen, mailPasswordReset, resetPassword } from "#records/accounts/password-resets.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import type { Allowance } from "#records/accounts/rate-limit.ts";
import type { WebEnv } from "../env.ts";
import { isCommonPassword } from "./passwords.ts";
import { subscriberOf } from "./sign-in-limits.ts";

/** So many mails go to one address, whoever asks for them. */
const LETTERS = { burst: 5, perMinute: 5 / 60 };

interface Deps {
  env: Pick<WebEnv, "SMTP_URL" | "SIGN_UP_PER_HOUR">;
  prisma: PrismaClient;
  hash: (password: string) => Promise<string>;
}

/** The way back in for who has forgotten their password, where the server mails. */
export function createPasswordResets({ env, prisma, hash }: Deps) {
  const perHour = env.SIGN_UP_PER_HOUR;
  return {
    isOn: env.SMTP_URL !== undefined,
    /** Asks for a mail. What comes of it does not tell whether the address has an account. */
    async request(email: string, address: string): Promise<Allowance> {
      const limit = { burst: perHour, perMinute: perHour / 60 };
      const allowance = await consume(prisma, `password-reset:address:${subscriberOf(address)}`, limit);
      if (!allowance.allowed) return allowance;
      const letters = await consume(prisma, `password-reset:letters:${email.toLowerCase()}`, LETTERS);
      if (letters.allowed) await mailPasswordReset(prisma, email);
      return allowance;
    },
    isOpen: (token: string) => isResetOpen(prisma, token),
    /** Sets a password by a mail's token. "ended": the token was used or is too old; "common": the password is. */
    async reset({ token, password, revokesKeys }: { token: string; password: string; revokesKeys: boolean }) {
      if (isCommonPassword(password)) return "common";
      // Costly on purpose, so nobody makes the server do it who has no token.
      if (!(await isResetOpen(prisma, token))) return "ended";
      const isDone = await resetPassword(prisma, { token, passwordHash: await hash(password), revokesKeys });
      return isDone ? "done" : "ended";
    },
  } as const;
}
