import { createHash } from "node:crypto";
import { raw, Router } from "express";
import type { ErrorRequestHandler, Request, Response } from "express";
import { CallWebhook, isAboutMeeting, isOwnCall, meetingIdOf, occurredAt, routeOf } from "#domain/call-webhook.ts";
import { isId } from "#domain/ids.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { createInboxBell, knownMeeting, storeDelivery } from "#records/inbox.ts";
import type { WebDeps } from "../deps.ts";
import { capBody, endUnread } from "../http/body-cap.ts";
import { isDatabaseDown } from "../http/database-down.ts";
import { otherMethods } from "../http/methods.ts";
import { limitTime } from "../http/request-time.ts";
import { measureDeliveries } from "./metrics.ts";
import { inflate, isSigned, mostBytes, Refused } from "./verified-body.ts";

const bodyDeadlineMs = 10_000;

/**
 * `POST /api/webhook`, where Stream tells what happens in calls. Nothing is read before the signature fits, and
 * nothing but the database is asked: what is stored is answered 2xx, also when it was stored before.
 */
export function createStreamWebhook(deps: WebDeps): Router {
  const ring = createInboxBell(deps.pool);
  const router = Router();
  router.post(
    "/",
    measureDeliveries(deps.metrics),
    (request, response, next) => {
      limitTime(request, response, bodyDeadlineMs, { error: "Body too slow" });
      next();
    },
    // The bytes are wanted as they came: `raw` would refuse a coding that it is not to undo.
    (request, _response, next) => {
      delete request.headers["content-encoding"];
      next();
    },
    capBody(mostBytes),
    raw({ type: () => true, inflate: false, limit: mostBytes }),
    async (request: Request, response: Response) => {
      response.locals["route"] = "/api/webhook";
      response.locals["isNew"] = await receive(deps, request);
      ring();
      response.json({ status: "ok" });
    },
  );
  router.use(answerRefusals(deps));
  router.all("/", otherMethods(["POST"]));
  return router;
}

// Keeps the delivery. False: it was kept before.
async function receive({ env, pool, prisma, log }: WebDeps, request: Request): Promise<boolean> {
  const secrets = [env.STREAM_API_SECRET, env.STREAM_API_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
  if (secrets.length === 0) throw new Refused(404, "Stream is not set up on this server");
  const body = await inflate(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  if (!isSigned(body, request.get("x-signature"), secrets)) throw new Refused(401, "Invalid signature");
  const webhook = readEvent(body);
  const named = meetingIdOf(webhook);
  const meetingId = named !== null && isId(named) && isOwnCall(webhook) ? named : null;
  if (isAboutMeeting(webhook)) {
    if (webhook.call?.custom?.meetingId === undefined) throw new Refused(400, "Missing meetingId");
    const meeting = meetingId === null ? null : await knownMeeting(prisma, meetingId);
    if (meeting === null) throw new Refused(404, "Meeting not found");
    if (webhook.type === "call.session_started" && !meeting.hasAgent) throw new Refused(404, "Agent not found");
  }
  const isNew = await storeDelivery(pool, {
    sender: "stream",
    // Stream's own X-WEBHOOK-ID is not signed; the body is.
    dedupeKey: createHash("sha256").update(body).digest("hex"),
    subject: meetingId === null ? null : { kind: "meeting", id: meetingId },
    type: webhook.type,
    headers: keptHeaders(request),
    body,
    occurredAt: occurredAt(webhook),
    wanted: meetingId !== null && routeOf(webhook) !== "nowhere",
  });
  log.info({ type: webhook.type, meetingId, isNew }, "[Webhook] received");
  return isNew;
}

function readEvent(body: Buffer): CallWebhook {
  try {
    return CallWebhook.parse(JSON.parse(body.toString("utf8")));
  } catch {
    throw new Refused(400, "Invalid body");
  }
}

const keptHeaders = (request: Request): Record<string, string> =>
  Object.fromEntries(
    ["x-webhook-id", "x-webhook-attempt"].flatMap((name) => {
      const value = request.get(name);
      return value === undefined ? [] : [[name, cut(cleanLine(value), 200)]];
    }),
  );

// The reference design's error bodies: `{"error": …}`.
function answerRefusals({ log }: WebDeps): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof Refused) {
      log.warn({ status: error.status, reason: error.message }, "[Webhook] refused");
      return response.status(error.status).json({ error: error.message });
    }
    if (isDatabaseDown(error)) {
      return response.status(503).set("Retry-After", "5").json({ error: "Try again in a moment" });
    }
    const status = (error as { status?: unknown }).status;
    if (status === 413) {
      return endUnread({ request, response: response.status(413).type("json") }, '{"error":"Body too large"}');
    }
    if (typeof status === "number" && status < 500) return response.status(400).json({ error: "Invalid body" });
    return next(error);
  };
}
