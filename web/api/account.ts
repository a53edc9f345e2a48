import { z } from "zod";
import { keyName, presentPassword } from "#domain/inputs/account.ts";
import { apiKeysOf, createApiKey, revokeApiKey } from "#records/accounts/api-keys.ts";
import { markNotificationsRead, notificationsOf } from "#records/live/notification-list.ts";
import { wrongPasswordWords } from "../auth/account-deletion.ts";
import { conflict, forbidden, notFound, Problem, tooManyRequests } from "../http/problem.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, IdParams, Instant, listOf } from "./schemas.ts";

const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    prefix: z.string(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable(),
    expiresAt: Instant.nullable(),
  })
  .meta({ id: "ApiKey" });

const Notification = z
  .object({
    id: Id,
    type: z.string(),
    title: z.string(),
    body: z.string(),
    link: z.string().nullable(),
    readAt: Instant.nullable(),
    createdAt: Instant,
    details: z
      .object({
        meeting: z.object({ title: z.string(), start_time: Instant, meeting_url: z.string() }),
        session_id: z.string().optional(),
        bot_id: z.string().optional(),
      })
      .nullable()
      .meta({
        description: "The meeting and its bot, of `meeting_starting`, `bot_deployed`, `bot_in_call`, `bot_failed`",
      }),
  })
  .meta({ id: "Notification" });

export const accountRoutes = [
  route({
    method: "get",
    path: "/keys",
    summary: "Your API keys",
    tag: "Account",
    access: "user",
    answers: { 200: { description: "All of them", body: z.object({ items: z.array(ApiKey), nextCursor: z.null() }) } },
    async handle({ deps: { prisma }, actor }) {
      return { status: 200, body: { items: await apiKeysOf(prisma, actor.userId), nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/keys",
    summary: "Make an API key; this answer alone shows it",
    tag: "Account",
    access: "user",
    body: z.object({
      name: keyName().default("API key"),
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(null),
    }),
    answers: { 201: { description: "The key", body: ApiKey.extend({ key: z.string() }).meta({ id: "NewApiKey" }) } },
    async handle({ deps: { prisma }, actor, body: { expiresInDays, ...body } }) {
      // A key that leaks must not be able to make itself successors.
      if (actor.via === "key") throw forbidden("API keys are made by people who are signed in, not by another key.");
      const expiresAt = expiresInDays === null ? null : new Date(Date.now() + expiresInDays * 86_400_000);
      return { status: 201, body: await createApiKey(prisma, { ...body, userId: actor.userId, expiresAt }) };
    },
  }),

  route({
    method: "delete",
    path: "/keys/:id",
    summary: "Revoke an API key, at once",
    tag: "Account",
    access: "user",
    params: IdParams,
    answers: { 204: { description: "It works no more" } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if (!(await revokeApiKey(prisma, { userId: actor.userId, id }))) throw notFound();
      return { status: 204 };
    },
  }),

  route({
    method: "delete",
    path: "/account",
    summary: "Delete your account, by its password, with all that is yours alone",
    tag: "Account",
    access: "user",
    body: z.object({ password: presentPassword() }),
    answers: {
      202: { description: "Nobody can sign in to it any more; what is in it is being removed" },
      403: { description: "The password is another (`wrong_password`), or a foreign Origin" },
      409: { description: "You are the server's only administrator, and others have accounts" },
    },
    async handle({ deps: { auth }, actor: { userId }, body: { password }, request }) {
      const answer = await auth.deleteAccount({ userId, password, address: request.ip ?? "unknown" });
      if (answer.ok) return { status: 202 };
      switch (answer.reason) {
        case "wrong_password":
          throw new Problem(403, "wrong_password", wrongPasswordWords);
        case "too_many":
          throw tooManyRequests(answer.retryAfterSeconds);
        case "conflict":
          throw conflict(answer.message);
        default:
          return answer satisfies never;
      }
    },
  }),

  route({
    method: "get",
    path: "/notifications",
    summary: "Your notices, the newest first",
    tag: "Account",
    access: "user",
    query: z.object(cursorQuery),
    answers: { 200: { description: "A page of notices", body: listOf(Notification) } },
    async handle({ deps: { prisma }, actor, query: { cursor, limit } }) {
      return { status: 200, body: await notificationsOf(prisma, actor.userId, cursor ?? null, limit) };
    },
  }),

  route({
    method: "post",
    path: "/notifications/read",
    summary: "Mark one notice as read, or all",
    tag: "Account",
    access: "user",
    body: z.object({ id: Id.optional() }),
    answers: { 204: { description: "Marked" } },
    async handle({ deps: { prisma }, actor, body: { id } }) {
      await markNotificationsRead(prisma, actor.userId, id);
      return { status: 204 };
    },
  }),
];
