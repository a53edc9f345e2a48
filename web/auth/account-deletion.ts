import { requestAccountDeletion } from "#records/accounts/delete-account.ts";
import type { PrismaClient } from "#records/db.ts";
import type { WebEnv } from "../env.ts";
import { createSignInLimits } from "./sign-in-limits.ts";

interface Deps {
  env: Pick<WebEnv, "SIGN_IN_BURST" | "SIGN_IN_PER_MINUTE">;
  prisma: PrismaClient;
  verify: (password: string, hash: string) => Promise<boolean>;
}

export interface DeletionAsked {
  userId: string;
  /** The present one, by which we know that its owner asks and not who found their browser open. */
  password: string;
  /** Of whoever asks. */
  address: string;
}

/** What came of it. `conflict` says in words why it cannot be. */
export type DeletionAnswer =
  | { ok: true }
  | { ok: false; reason: "wrong_password" }
  | { ok: false; reason: "too_many"; retryAfterSeconds: number }
  | { ok: false; reason: "conflict"; message: string };

export const wrongPasswordWords = "This is not your present password.";

/** How people have their own account deleted, for page and API. A try at the password counts as one of signing in. */
export function createAccountDeletion({ env, prisma, verify }: Deps) {
  const limits = createSignInLimits(prisma, { burst: env.SIGN_IN_BURST, perMinute: env.SIGN_IN_PER_MINUTE });
  return async ({ userId, password, address }: DeletionAsked): Promise<DeletionAnswer> => {
    const user = await prisma.user.findUnique({
      where: { id: userId },
      select: { email: true, accounts: { where: { providerId: "credential" }, select: { password: true } } },
    });
    const hash = user?.accounts[0]?.password ?? null;
    if (user === null || hash === null) return { ok: false, reason: "wrong_password" };
    const taken = await limits.take({ email: user.email, address });
    if (!taken.allowed) return { ok: false, reason: "too_many", retryAfterSeconds: taken.retryAfterSeconds };
    if (!(await verify(password, hash))) return { ok: false, reason: "wrong_password" };
    await limits.refund(taken.turns);
    const outcome = await requestAccountDeletion(prisma, { userId });
    if (outcome.ok || outcome.reason === "conflict") return outcome;
    return { ok: false, reason: "wrong_password" };
  };
}
