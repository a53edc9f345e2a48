import { z } from "zod";
import { senders } from "#domain/senders.ts";
import { replayDelivery } from "#records/queues/inbox-replay.ts";
import {
  deliveryDetail,
  deliveryStates,
  inboxMetrics,
  listDeliveries,
  mostCounted,
} from "#records/queues/inbox-lists.ts";
import { notFound } from "../http/problem.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, IdParams, Instant, listOf } from "./schemas.ts";

const Delivery = z
  .object({
    id: Id,
    sender: z.enum(senders),
    type: z.string(),
    meetingId: Id.nullable(),
    state: z.enum(deliveryStates),
    attempts: z.number().int(),
    error: z.string().nullable(),
    occurredAt: Instant.nullable().meta({ description: "When it happened, by the sender's clock" }),
    receivedAt: Instant.meta({ description: "When it came, or was put back to be handed over again" }),
    nextAt: Instant.meta({ description: "When a waiting one is handed over next" }),
    doneAt: Instant.nullable(),
  })
  .meta({ id: "Delivery" });

const Masked = z.unknown().meta({ description: "JSON with every word of people masked" });

const DeliveryDetail = Delivery.extend({
  sizeBytes: z.number().int(),
  headers: Masked,
  body: Masked,
  run: z.object({ id: Id, status: z.string(), workflowId: z.string() }).nullable(),
  replays: z.array(z.object({ at: Instant, by: z.object({ id: Id, name: z.string() }).nullable() })),
}).meta({ id: "DeliveryDetail" });

const DeliveryList = listOf(Delivery)
  .extend({
    counts: z
      .object(Object.fromEntries(deliveryStates.map((state) => [state, z.number().int()])))
      .meta({ description: `Of the whole inbox; counting stops at ${mostCounted}` }),
    oldestWaitingSeconds: z.number().nullable(),
  })
  .meta({ id: "DeliveryList" });

export const inboxRoutes = [
  route({
    method: "get",
    path: "/inbox",
    summary: "What outside systems delivered, the newest first, with how many are in each state",
    tag: "Inbox",
    access: "admin",
    query: z.object({
      ...cursorQuery,
      state: z.enum(deliveryStates).optional(),
      sender: z.enum(senders).optional(),
      meetingId: z.uuid().optional(),
    }),
    answers: { 200: { description: "A page of deliveries", body: DeliveryList } },
    async handle({ deps: { prisma, pool }, query: { cursor, limit, state, sender, meetingId } }) {
      const page = await listDeliveries(prisma, {
        state: state ?? null,
        sender: sender ?? null,
        meetingId: meetingId ?? null,
        cursor: cursor ?? null,
        limit,
      });
      return { status: 200, body: { ...page, ...(await inboxMetrics(pool)) } };
    },
  }),

  route({
    method: "get",
    path: "/inbox/:id",
    summary: "One delivery: what became of it, and its body with every word of people masked",
    tag: "Inbox",
    access: "admin",
    params: IdParams,
    answers: { 200: { description: "The delivery", body: DeliveryDetail } },
    async handle({ deps: { prisma }, params: { id } }) {
      const delivery = await deliveryDetail(prisma, id);
      if (delivery === null) throw notFound();
      return { status: 200, body: delivery };
    },
  }),

  route({
    method: "post",
    path: "/inbox/:id/replay",
    summary: "Hand a delivery over again. What its meeting knows changes nothing; a finished meeting leaves it `late`",
    tag: "Inbox",
    access: "admin",
    params: IdParams,
    answers: {
      202: { description: "It waits to be handed over", body: z.object({ id: Id, state: z.literal("new") }) },
      409: { description: "No meeting waits for deliveries of this kind" },
    },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      settled(await replayDelivery(prisma, { id, actorId: actor.userId }));
      return { status: 202, body: { id, state: "new" } };
    },
  }),
];
