import { Router } from "express";
import type { RequestHandler } from "express";
import { z } from "zod";
import { answerHub, secretOf, subscriptionByToken, takePush } from "#records/channels/websub.ts";
import type { Subscription } from "#records/channels/websub.ts";
import type { WebDeps } from "../deps.ts";
import { otherMethods } from "../http/methods.ts";
import { notFound } from "../http/problem.ts";
import { rawBody } from "./raw-body.ts";
import { isSignedByHub } from "./signatures.ts";

/** A push holds the feed, or what is new of it. */
const mostBytes = 5_000_000;

const Question = z.object({
  "hub.mode": z.enum(["subscribe", "unsubscribe", "denied"]),
  "hub.topic": z.string().max(4_000),
  "hub.challenge": z.string().max(2_000).optional(),
  "hub.lease_seconds": z.coerce.number().int().positive().max(1e9).nullable().catch(null).default(null),
  "hub.reason": z.string().max(2_000).catch("").default(""),
});

/**
 * Where hubs ask whether a subscription is wanted, and tell that a feed changed (W3C WebSub), each at an address that
 * only it was told. A push says to look, and what was deleted: what is new is read at the feed itself.
 */
export function createWebsubRoutes({ prisma, sealer, log }: Pick<WebDeps, "prisma" | "sealer" | "log">): Router {
  const router = Router();

  // Before anything of a body is read: who does not know the address is told that there is nothing.
  const find: RequestHandler<{ token: string }> = async (request, response, next) => {
    response.locals["route"] = "/api/webhook/websub/:token";
    const { token } = request.params;
    const subscription = /^[\w-]{20,64}$/.test(token) ? await subscriptionByToken(prisma, token) : null;
    if (subscription === null) throw notFound();
    response.locals["subscription"] = subscription;
    next();
  };

  const verify: RequestHandler<{ token: string }> = async (request, response) => {
    const asked = Question.safeParse(request.query);
    if (!asked.success) throw notFound();
    const question = asked.data;
    const { "hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge = "" } = question;
    const told = { mode, topic, leaseSeconds: question["hub.lease_seconds"], reason: question["hub.reason"] };
    if (mode !== "denied" && challenge === "") throw notFound();
    const subscription = response.locals["subscription"] as Subscription;
    if (!(await answerHub(prisma, subscription, told))) throw notFound();
    response.type("text/plain").send(challenge);
  };

  const push: RequestHandler<{ token: string }> = async (request, response) => {
    const subscription = response.locals["subscription"] as Subscription;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!isSignedByHub(body, request.get("x-hub-signature"), secretOf(sealer, subscription))) {
      log.warn({ channelId: subscription.channelId }, "a push for a channel is not signed by its hub");
      return void response.status(401).json({ error: "Invalid signature" });
    }
    await takePush(prisma, subscription, body.toString("utf8"));
    response.status(202).end();
  };

  router.get("/:token", find, verify);
  router.post("/:token", find, rawBody(mostBytes), push);
  router.all("/:token", otherMethods(["GET", "POST"]));
  return router;
}
