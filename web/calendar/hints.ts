import { json, Router } from "express";
import type { RequestHandler } from "express";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { takeHint } from "#records/calendars/push-subscriptions.ts";
import type { WebDeps } from "../deps.ts";
import { capBody } from "../http/body-cap.ts";
import { otherMethods } from "../http/methods.ts";
import { notFound } from "../http/problem.ts";

const Notices = z.object({ value: z.array(z.object({ clientState: z.string().max(128) })).max(1_000) });

/**
 * Where providers tell that a calendar changed. Such a hint says nothing but to look, and what is looked at is read with
 * the account's own token; its channel's token is shown with each. Who knows none is told that there is nothing here.
 */
export function createCalendarHints({ prisma }: Pick<WebDeps, "prisma">): Router {
  const router = Router();

  const google: RequestHandler = async (request, response) => {
    response.locals["route"] = "/api/webhook/google-calendar";
    const [id = "", token = ""] = ["x-goog-channel-id", "x-goog-channel-token"].map((name) => request.get(name));
    if (!isId(id) || !(await takeHint(prisma, id, token))) throw notFound();
    response.status(204).end();
  };

  const microsoft: RequestHandler = async (request, response) => {
    response.locals["route"] = "/api/webhook/microsoft-calendar";
    const { validationToken } = request.query;
    if (typeof validationToken === "string") {
      // Asked once for each new subscription, whether this server wants to be told.
      response.type("text/plain").send(validationToken.slice(0, 2_000));
      return;
    }
    const notices = Notices.safeParse(request.body);
    if (!notices.success) throw notFound();
    const known = new Set(notices.data.value.map(({ clientState }) => clientState));
    let taken = 0;
    for (const state of known) {
      const [id = "", token = ""] = state.split(".");
      if (isId(id) && (await takeHint(prisma, id, token))) taken += 1;
    }
    if (taken === 0) throw notFound();
    response.status(202).end();
  };

  router.post("/google-calendar", capBody(), google);
  router.post("/microsoft-calendar", capBody(), json({ limit: "1mb" }), microsoft);
  router.all(["/google-calendar", "/microsoft-calendar"], otherMethods(["POST"]));
  return router;
}
