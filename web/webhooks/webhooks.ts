import { Router } from "express";
import { createInboxBell } from "#records/inbox.ts";
import type { WebDeps } from "../deps.ts";
import { createDoor } from "./door.ts";
import type { Door } from "./door.ts";
import { measureDeliveries } from "./metrics.ts";
import { streamDoor } from "./stream.ts";

/** Every sender that delivers over HTTP. */
const doors: readonly Door[] = [streamDoor];

/** The webhooks, each at the path of its door. */
export function createWebhooks(deps: WebDeps): Router {
  const shared = { measure: measureDeliveries(deps.metrics), ring: createInboxBell(deps.pool) };
  const router = Router();
  for (const door of doors) router.use(door.path, createDoor(deps, door, shared));
  return router;
}
