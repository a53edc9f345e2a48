import { Router } from "express";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import type { PrismaClient } from "#records/db.ts";
import { mayWatch } from "#records/live/watch-rights.ts";
import type { Auth } from "../auth/auth.ts";
import { Problem, notFound } from "../http/problem.ts";

interface Deps {
  prisma: PrismaClient;
  auth: Pick<Auth, "verifyLiveToken">;
}

const Query = z.object({ token: z.string().max(4096).default("") });

/**
 * `GET /ws/meeting/{id}?token=…` without an upgrade: why the WebSocket there would be refused, which no browser tells
 * its page, else 426.
 */
export function createMeetingAnswer({ prisma, auth }: Deps): Router {
  const router = Router();
  router.get("/ws/meeting/:id", async (request, response) => {
    const query = Query.safeParse(request.query);
    const grant = query.success ? await auth.verifyLiveToken(query.data.token) : null;
    if (grant === null) throw new Problem(401, "unauthenticated", "This token does not hold any more. Get another.");
    const { id } = request.params;
    const topic = conversationTopic(id.toLowerCase());
    if (!isId(id) || !(await mayWatch(prisma, { userId: grant.userId, topic }))) throw notFound();
    response.status(426).set({ Upgrade: "websocket", "Cache-Control": "no-store" }).end();
  });
  return router;
}
