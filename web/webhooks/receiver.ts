import { raw, Router } from "express";
import type { ErrorRequestHandler, Request, RequestHandler, Response } from "express";
import { meetingIdOfSubject } from "#domain/inbox.ts";
import type { Told } from "#domain/inbox.ts";
import { toldBy } from "#domain/senders.ts";
import type { Sender } from "#domain/senders.ts";
import { cleanLine, cut } from "#domain/text.ts";
import type { PrismaClient } from "#records/db.ts";
import { storeDelivery } from "#records/inbox.ts";
import type { WebDeps } from "../deps.ts";
import type { WebEnv } from "../env.ts";
import { capBody, endUnread } from "../http/body-cap.ts";
import { isDatabaseDown } from "../http/database-down.ts";
import { otherMethods } from "../http/methods.ts";
import { limitTime } from "../http/request-time.ts";
import { inflate, mostBytes, Refused } from "./verified-body.ts";

const bodyDeadlineMs = 10_000;

/** What a sender brings: the bytes that it signed, and its headers by their names. */
interface Brought {
  body: Buffer;
  header(name: string): string | undefined;
}

/** The door of a sender that delivers over HTTP: whom it believes, and whom it lets in. */
export interface Door {
  sender: Sender;
  path: string;
  /** What the sender signs with, and may have signed with until lately; none: the door is shut, as `shut` says. */
  secretsOf(env: WebEnv): (string | undefined)[];
  shut: string;
  isGenuine(brought: Brought, secrets: readonly string[]): boolean;
  /** Names a delivery, by nothing that is not signed. */
  dedupeKeyOf(brought: Brought): string;
  /** The headers that are kept with the body. */
  keeps: readonly string[];
  /** Refuses what speaks of somebody who is not here. */
  admit(prisma: PrismaClient, told: Told): Promise<void>;
}

interface Shared {
  /** Times every delivery. */
  measure: RequestHandler;
  /** Tells the dispatchers that there is something. */
  ring(): void;
}

/**
 * `POST` of one sender. Nothing is read before the signature fits, and nothing but the database is asked: what is
 * stored is answered 2xx, also when it was stored before.
 */
export function createDoor(deps: WebDeps, door: Door, { measure, ring }: Shared): Router {
  const router = Router();
  router.post(
    "/",
    measure,
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
      response.locals["route"] = door.path;
      response.locals["isNew"] = await receive(deps, door, request);
      ring();
      response.json({ status: "ok" });
    },
  );
  router.use(answerRefusals(deps));
  router.all("/", otherMethods(["POST"]));
  return router;
}

// Keeps the delivery. False: it was kept before.
async function receive({ env, pool, prisma, log }: WebDeps, door: Door, request: Request): Promise<boolean> {
  const { sender } = door;
  const secrets = door.secretsOf(env).filter((secret) => secret !== undefined);
  if (secrets.length === 0) throw new Refused(404, door.shut);
  const body = await inflate(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
  const brought = { body, header: (name: string) => request.get(name) };
  if (!door.isGenuine(brought, secrets)) throw new Refused(401, "Invalid signature");
  const told = toldBy(sender, body.toString("utf8"));
  if (told === null) throw new Refused(400, "Invalid body");
  if (told.missing !== null) throw new Refused(400, `Missing ${told.missing}`);
  await door.admit(prisma, told);
  const { subject, type, occurredAt } = told;
  const isNew = await storeDelivery(pool, {
    sender,
    dedupeKey: door.dedupeKeyOf(brought),
    subject,
    type,
    headers: keptHeaders(door, brought),
    body,
    occurredAt,
    wanted: subject !== null && told.route !== "nowhere",
  });
  log.info({ sender, type, meetingId: meetingIdOfSubject(subject), isNew }, "[Webhook] received");
  return isNew;
}

const keptHeaders = ({ keeps }: Door, { header }: Brought): Record<string, string> =>
  Object.fromEntries(
    keeps.flatMap((name) => {
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
