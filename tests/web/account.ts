import { makeSignature } from "better-auth/crypto";
import { createBetterAuth } from "#web/auth/better-auth.ts";
import type { WebDeps } from "#web/deps.ts";

const hashes = new Map<string, Promise<string>>();

/**
 * Makes accounts as a sign-up does, with better-auth's own functions and our hooks, and gives the cookie of a session.
 * The door is not gone through, and a password is hashed once for all who have it: a tenth of a second each time.
 */
export function accountMaker({ env, prisma }: Pick<WebDeps, "env" | "prisma">) {
  const context = createBetterAuth({ env, prisma }).$context;

  return async ({ email, password }: { email: string; password: string }) => {
    const { internalAdapter, authCookies, secret, password: passwords } = await context;
    const hash = hashes.get(password) ?? passwords.hash(password);
    hashes.set(password, hash);
    const [name = email] = email.split("@");
    const user = await internalAdapter.createUser({ email: email.toLowerCase(), name }, { method: "email-password" });
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: "credential",
      accountId: user.id,
      password: await hash,
    });
    const { token } = await internalAdapter.createSession(user.id);
    const signed = encodeURIComponent(`${token}.${await makeSignature(token, secret)}`);
    return { userId: user.id, cookie: `${authCookies.sessionToken.name}=${signed}` };
  };
}
