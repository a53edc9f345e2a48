import { Router } from "express";
import { createInboxNotifier } from "#records/queues/inbox.ts";
import { createNoteSighting } from "#records/queues/webhook-sightings.ts";
import type { WebDeps } from "../deps.ts";
import { attendeeSource } from "./attendee.ts";
import { createReceiver } from "./receiver.ts";
import type { WebhookSource } from "./receiver.ts";
import { measureDeliveries } from "./metrics.ts";
import { recallSource } from "./recall.ts";
import { streamSource } from "./stream.ts";
import { vexaSource } from "./vexa.ts";

/** Every sender that delivers over HTTP. */
const sources: readonly WebhookSource[] = [streamSource, attendeeSource, recallSource, vexaSource];

/** The webhooks, each at its own path. */
export function createWebhooks(deps: WebDeps): Router {
  const shared = {
    measure: measureDeliveries(deps.metrics),
    ring: createInboxNotifier(deps.pool),
    saw: createNoteSighting(deps.prisma),
  };
  const router = Router();
  for (const source of sources) router.use(source.path, createReceiver(deps, source, shared));
  return router;
}
