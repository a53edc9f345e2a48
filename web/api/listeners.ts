import { z } from "zod";
import { listenerName } from "#domain/inputs/channel.ts";
import { addListener, listenersOf, removeListener } from "#records/channels/listeners.ts";
import { notFound } from "../http/problem.ts";
import { feedAddress } from "../podcasts/feed-address.ts";
import { requireChannelWriter } from "./channel-access.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { Id, IdParams, Instant, listOf } from "./schemas.ts";

const Listener = z
  .object({
    id: Id,
    name: z.string(),
    createdAt: Instant,
    lastUsedAt: Instant.nullable().meta({ description: "When an app last asked for the feed; null: never" }),
  })
  .meta({ id: "Listener" });

const on = { tag: "Channels", access: "user", params: IdParams } as const;
const readsOnly = { description: "Your role lets you read only" };

export const listenerRoutes = [
  route({
    ...on,
    method: "get",
    path: "/channels/:id/listeners",
    summary: "Who has an address of their own to a channel's podcast",
    answers: { 200: { description: "All of them", body: listOf(Listener) }, 403: readsOnly },
    async handle({ deps, actor, params }) {
      const { id: channelId } = await requireChannelWriter({ deps, actor }, params.id);
      const items = await listenersOf(deps.prisma, { userId: actor.userId, channelId });
      return { status: 200, body: { items, nextCursor: null } };
    },
  }),

  route({
    ...on,
    method: "post",
    path: "/channels/:id/listeners",
    summary: "Make an address of the podcast for one listener, which can be revoked",
    body: z.object({ name: listenerName() }),
    answers: {
      201: {
        description: "The listener with the address, which is told this one time",
        body: Listener.extend({ feedUrl: z.string() }),
      },
      403: readsOnly,
      409: { description: "The podcast has as many as it may" },
    },
    async handle({ deps, actor, params, body }) {
      const { id: channelId } = await requireChannelWriter({ deps, actor }, params.id);
      const made = settled(await addListener(deps.prisma, { userId: actor.userId, channelId }, body.name));
      return { status: 201, body: { ...made.listener, feedUrl: feedAddress(deps.env.PUBLIC_URL, made.key) } };
    },
  }),

  route({
    ...on,
    method: "delete",
    path: "/channels/:id/listeners/:listenerId",
    summary: "Revoke a listener's address; nothing is given out there any more",
    params: IdParams.extend({ listenerId: z.string() }),
    answers: { 204: { description: "It is revoked" }, 403: readsOnly },
    async handle({ deps, actor, params }) {
      const { id: channelId } = await requireChannelWriter({ deps, actor }, params.id);
      if (!(await removeListener(deps.prisma, { userId: actor.userId, channelId }, params.listenerId))) {
        throw notFound();
      }
      return { status: 204 };
    },
  }),
];
