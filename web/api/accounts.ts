import { z } from "zod";
import { serverRoles } from "#domain/server-role.ts";
import { searchText } from "#domain/text.ts";
import { accountStates, listAccounts, listedAccount } from "#records/accounts/account-lists.ts";
import { forbidden, notFound } from "../http/problem.ts";
import { giveRole } from "../pages/accounts/give-role.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, IdParams, Instant, listOf } from "./schemas.ts";

const ServerRole = z.enum(serverRoles).meta({ description: "`admin`: administrator of the server" });
const Account = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string(),
    role: ServerRole,
    state: z.enum(accountStates).meta({
      description:
        "`pending`: made by a sign-up whose mail nobody has followed yet; `deleting`: what is in it is removed",
    }),
    createdAt: Instant,
    lastSignInAt: Instant.nullable().meta({ description: "Of the last half year; null: not known" }),
  })
  .meta({ id: "Account" });

export const serverAccountRoutes = [
  route({
    method: "get",
    path: "/accounts",
    summary: "The accounts of this server, the newest first",
    tag: "Accounts",
    access: "admin",
    query: z.object({
      ...cursorQuery,
      role: ServerRole.optional(),
      q: searchText().optional().meta({ description: "Part of a name or an e-mail address" }),
    }),
    answers: { 200: { description: "A page of accounts", body: listOf(Account) } },
    async handle({ deps: { prisma }, query: { cursor = null, limit, role = null, q } }) {
      return { status: 200, body: await listAccounts(prisma, { cursor, limit, role, text: q || null }) };
    },
  }),

  route({
    method: "patch",
    path: "/accounts/:id",
    summary: "Make an account an administrator of the server (by a person's session, not by a key), or take that back",
    tag: "Accounts",
    access: "admin",
    params: IdParams,
    body: z.object({ role: ServerRole }),
    answers: {
      200: { description: "The account; it is so at once, also for what is open of it", body: Account },
      409: { description: "It is the only administrator, cannot be signed in to yet, or is being deleted" },
    },
    async handle({ deps, actor, params: { id }, body: { role } }) {
      // A key that leaks must not be able to leave an administrator behind when it is revoked.
      if (actor.via === "key" && role === "admin") {
        throw forbidden("Administrators are made by people who are signed in, not by a key.");
      }
      settled(await giveRole(deps, { actorId: actor.userId, userId: id, role }));
      const account = await listedAccount(deps.prisma, id);
      if (account === null) throw notFound();
      return { status: 200, body: account };
    },
  }),
];
