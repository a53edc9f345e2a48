import { createHash, timingSafeEqual } from "node:crypto";
import { Router } from "express";
import { botProviderOf } from "#domain/bot-settings.ts";
import { sweepRecorders } from "#records/bot-visits/sweep.ts";
import type { WebDeps } from "../deps.ts";
import { addressKey, spendApiRequest } from "../http/guard.ts";
import { otherMethods } from "../http/methods.ts";
import { notFound, unauthenticated } from "../http/problem.ts";

/**
 * `POST` makes one pass of auto-join for a scheduler of one's own (B-13), harmless beside the one that runs by itself:
 * a visit is ordered once, whoever orders. Its caller shows `AUTO_JOIN_WORKER_SECRET` as a Bearer token; without that
 * setting there is no such address.
 */
export function createAutoJoinWorker({ env, prisma, log }: WebDeps): Router {
  const router = Router();
  router.post("/", async (request, response) => {
    response.locals["route"] = "/api/calendar/auto-join/worker";
    await spendApiRequest({ prisma, env }, addressKey(request.ip));
    const secret = env.AUTO_JOIN_WORKER_SECRET;
    if (secret === undefined) throw notFound();
    if (!isSame(/^Bearer (.+)$/i.exec(request.get("authorization") ?? "")?.[1] ?? "", secret)) throw unauthenticated();
    response.json(await sweepRecorders(prisma, { provider: botProviderOf(env), log }));
  });
  router.all("/", otherMethods(["POST"]));
  return router;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

// Of digests, which have one length whatever is sent.
const isSame = (given: string, secret: string) => timingSafeEqual(digest(given), digest(secret));
