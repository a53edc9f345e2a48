import { Router } from "express";
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { meetingIdOfSubject } from "#domain/inbox.ts";
import type { ReceivedEvent } from "#domain/inbox.ts";
import { readDelivery } from "#domain/senders.ts";
import type { Sender } from "#domain/senders.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { isDatabaseDown } from "#records/database-down.ts";
import type { PrismaClient } from "#records/db.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import type { NoteSighting } from "#records/queues/webhook-sightings.ts";
import type { WebDeps } from "../deps.ts";
import type { WebEnv } from "../env.ts";
import { endUnread } from "../http/body-cap.ts";
import { otherMethods } from "../http/methods.ts";
import { inflate, rawBody, Refused } from "./raw-body.ts";

/** A delivery as it came: the bytes that its sender signed, and its headers by their names. */
interface Delivered {
  body: Buffer;
  header(name: string): string | undefined;
}

/** A sender that delivers over HTTP: how its deliveries are verified, and which are taken. */
export interface WebhookSource {
  sender: Sender;
  path: string;
  /** What the sender signs with, and may have signed with until lately; none: nothing is taken, as `notConfigured` says. */
  secretsOf(env: WebEnv): (string | undefined)[];
  notConfigured: string;
  /** Of a body, as it was sent and as it is inflated. */
  mostBytes: number;
  isVerified(delivered: Delivered, secrets: readonly string[]): boolean;
  /** Names a delivery, by nothing that is not signed. */
  dedupeKeyOf(delivered: Delivered): string;
  /** The headers that are kept with the body. */
  keptHeaders: readonly string[];
  /** Refuses what speaks of somebody who is not here. */
  checkSubject(prisma: PrismaClient, event: ReceivedEvent): Promise<void>;
}

interface Shared {
  /** Times every delivery. */
  measure: RequestHandler;
  /** Tells the dispatchers that there is something. */
  ring(): void;
  /** Notes whether a sender reaches this server. */
  saw: NoteSighting;
}

interface Received extends Pick<Shared, "saw"> {
  request: Request;
}

/**
 * `POST` of one sender. Nothing is read before the signature fits, and nothing but the database is asked: what is
 * stored is answered 2xx, also when it was stored before.
 */
export function createReceiver(deps: WebDeps, source: WebhookSource, { measure, ring, saw }: Shared): Router {
  const { mostBytes } = source;
  const router = Router();
  router.post("/", measure, rawBody(mostBytes), async (request: Request, response: Response) => {
    response.locals["route"] = source.path;
    response.locals["isNew"] = await receive(deps, source, { saw, request });
    ring();
    response.json({ status: "ok" });
  });
  router.use(answerRefusals(deps));
  router.all("/", otherMethods(["POST"]));
  return router;
}

// Keeps the delivery. False: it was kept before.
async function receive(deps: WebDeps, source: WebhookSource, { saw, request }: Received): Promise<boolean> {
  const { sender } = source;
  const { env } = deps;
  const secrets = source.secretsOf(env).filter((secret) => secret !== undefined);
  if (secrets.length === 0) throw new Refused(404, source.notConfigured);
  const body = await inflate(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), source.mostBytes);
  const delivered = { body, header: (name: string) => request.get(name) };
  if (!source.isVerified(delivered, secrets)) {
    saw({ sender, isSigned: false, refusal: "Invalid signature" });
    throw new Refused(401, "Invalid signature");
  }
  try {
    const isNew = await keep(deps, source, delivered);
    saw({ sender, isSigned: true, refusal: null });
    return isNew;
  } catch (error) {
    if (error instanceof Refused) saw({ sender, isSigned: true, refusal: error.message });
    throw error;
  }
}

// Of a delivery that is the sender's own.
async function keep({ pool, prisma, log }: WebDeps, source: WebhookSource, delivered: Delivered): Promise<boolean> {
  const { sender } = source;
  const { body } = delivered;
  const event = readDelivery(sender, body.toString("utf8"));
  if (event === null) throw new Refused(400, "Invalid body");
  if (event.missing !== null) throw new Refused(400, `Missing ${event.missing}`);
  await source.checkSubject(prisma, event);
  const { subject, type, occurredAt } = event;
  const isNew = await storeDelivery(pool, {
    sender,
    dedupeKey: source.dedupeKeyOf(delivered),
    subject,
    type,
    headers: headersOf(source, delivered),
    body,
    occurredAt,
    wanted: subject !== null && event.route !== "nowhere",
  });
  log.info({ sender, type, meetingId: meetingIdOfSubject(subject), isNew }, "[Webhook] received");
  return isNew;
}

const headersOf = ({ keptHeaders }: WebhookSource, { header }: Delivered): Record<string, string> =>
  Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = header(name);
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
