import { APIError } from "better-auth/api";
import { z } from "zod";
import { newPassword } from "#domain/inputs/account.ts";
import type { PrismaClient } from "#records/db.ts";
import { consume } from "#records/accounts/rate-limit.ts";
import { dropPendingAccount, mailSignUp, openAccount, openWithoutMail } from "#records/accounts/pending-accounts.ts";
import { hasAccounts } from "#records/accounts/users.ts";
import type { WebEnv } from "../env.ts";

/** A sign-in's token from the mail that opens a new account. */
export const OPENING_HEADER = "x-convene-opening";

/** What every sign-up is answered where the server mails, whatever the address. */
export const mailedAnswer = { mailed: true } as const;

/** So many mails of sign-ups go to one address, whoever asks for them. */
const LETTERS = { burst: 5, perMinute: 5 / 60 };

const Whole = z.object({
  email: z.email().toLowerCase(),
  name: z.string(),
  password: newPassword(),
  image: z.string().optional(),
});

/**
 * Sign-up where the server mails. The account opens for who has both the mail's link and the password: neither the
 * owner of an address that a stranger entered nor that stranger gets in alone, and nothing tells who has an account.
 */
export function createSignUpMail({ env, prisma }: { env: Pick<WebEnv, "SMTP_URL">; prisma: PrismaClient }) {
  const isOn = env.SMTP_URL !== undefined;
  return {
    isOn,
    /**
     * Whether a sign-up goes by mail, and whether one more goes to its address. The first account of a server looks
     * after it, and must not wait for mail that nobody has tried yet; a form that is not whole is refused as ever.
     */
    async prepare(body: unknown): Promise<"direct" | "mail" | "enough"> {
      const whole = Whole.safeParse(body);
      if (!isOn || !whole.success || !(await hasAccounts(prisma))) return "direct";
      const { email } = whole.data;
      const allowance = await consume(prisma, `sign-up:letters:${email}`, LETTERS);
      if (!allowance.allowed) return "enough";
      await dropPendingAccount(prisma, email);
      return "mail";
    },
    isPending: async () => isOn && (await hasAccounts(prisma)),
    tell: (userId: string) => mailSignUp(prisma, userId),
    /** Lets a session begin only in an account that is open, or is opened by it. */
    async requireOpen(userId: string, headers: Headers | undefined): Promise<void> {
      // Whoever waited for a mail when the server ceased to mail would wait for ever.
      if (!isOn) return openWithoutMail(prisma, userId);
      if (await openAccount(prisma, userId, headers?.get(OPENING_HEADER) ?? null)) return;
      const message =
        "This account opens by the link in the mail that was sent to you. Sign up again for another mail.";
      throw new APIError("FORBIDDEN", { code: "account_not_open", message });
    },
  };
}
export type SignUpMail = ReturnType<typeof createSignUpMail>;
