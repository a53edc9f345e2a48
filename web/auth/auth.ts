import type { IncomingHttpHeaders } from "node:http";
import { fromNodeHeaders } from "better-auth/node";
import type { ServerRole } from "#domain/server-role.ts";
import type { PrismaClient } from "#records/db.ts";
import { createFirstAdministrator } from "#records/accounts/administrators.ts";
import { findApiKey } from "#records/accounts/api-keys.ts";
import { hasAccounts } from "#records/accounts/users.ts";
import type { WebEnv } from "../env.ts";
import { createAccountDeletion } from "./account-deletion.ts";
import { settleAccount } from "./accounts.ts";
import { createBetterAuth } from "./better-auth.ts";
import { createLiveTokens } from "./live-token.ts";
import type { Credential } from "./live-token.ts";
import { createPasswordResets } from "./password-reset.ts";
import { commonPasswordWords, isCommonPassword } from "./passwords.ts";

/** Who is asking. `role` is the account's on this server; roles in workspaces are part of each query. */
export interface Actor {
  userId: string;
  role: ServerRole;
  via: Credential["via"];
  credential: Credential;
}

/** Everything that decides who somebody is. What they may do is decided by queries (`records/accounts/access.ts`). */
export type Auth = ReturnType<typeof createAuth>;

export function createAuth({ env, prisma }: { env: WebEnv; prisma: PrismaClient }) {
  const betterAuth = createBetterAuth({ env, prisma });

  // better-auth hides why it failed. If the database is gone, this question fails too, and its error says so.
  const tellDatabaseTrouble = async (error: unknown): Promise<never> => {
    await prisma.$queryRaw`SELECT 1`;
    throw error;
  };

  const handler = async (request: Request): Promise<Response> => {
    const response = await betterAuth.handler(request);
    return response.status >= 500
      ? tellDatabaseTrouble(new Error(`better-auth answered ${response.status}`))
      : response;
  };

  const bearerOf = (headers: IncomingHttpHeaders) => /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? null;

  const actorByKey = async (key: string): Promise<Actor | null> => {
    const found = await findApiKey(prisma, key);
    if (found === null) return null;
    return actor(found.userId, found.role, { via: "key", id: found.id });
  };

  /**
   * Who sends this request, by API key (`Authorization: Bearer`) or by session cookie; null for nobody. A key that does
   * not work is nobody, also beside a good cookie: a program must hear that its key has ended.
   */
  const actorOf = async ({ headers }: { headers: IncomingHttpHeaders }): Promise<Actor | null> => {
    const bearer = bearerOf(headers);
    if (bearer !== null) return actorByKey(bearer);
    if (headers.cookie === undefined) return null;
    const found = await betterAuth.api
      .getSession({ headers: fromNodeHeaders({ cookie: headers.cookie }) })
      .catch(tellDatabaseTrouble);
    if (found === null) return null;
    return actor(found.user.id, found.user.role, { via: "session", id: found.session.id });
  };

  /** Makes the first administrator where the database has no account at all. */
  const createFirstAdmin = async ({ email, password }: { email: string; password: string }): Promise<boolean> => {
    if (await hasAccounts(prisma)) return false;
    if (isCommonPassword(password)) throw new Error(`CONVENE_ADMIN_PASSWORD is refused. ${commonPasswordWords}`);
    const passwordHash = await (await betterAuth.$context).password.hash(password);
    const userId = await createFirstAdministrator(prisma, { email: email.toLowerCase(), passwordHash });
    if (userId === null) return false;
    await settleAccount(prisma, userId);
    return true;
  };

  return {
    handler,
    /** better-auth's own functions, for pages: sign in and up, sign out, change a password, end sessions. */
    api: betterAuth.api,
    actorOf,
    createFirstAdmin,
    deleteAccount: createAccountDeletion({
      env,
      prisma,
      verify: async (password, hash) => (await betterAuth.$context).password.verify({ password, hash }),
    }),
    passwordResets: createPasswordResets({
      env,
      prisma,
      hash: async (password) => (await betterAuth.$context).password.hash(password),
    }),
    ...createLiveTokens({ secret: env.CONVENE_SECRET, prisma }),
  };
}

const actor = (userId: string, role: string | null | undefined, credential: Credential): Actor => ({
  userId,
  role: role === "admin" ? "admin" : "user",
  via: credential.via,
  credential,
});
