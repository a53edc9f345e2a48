import express from "express";
import type { Express, RequestHandler } from "express";
import { createApi } from "../api/router.ts";
import { createCalendarHints } from "../calendar/hints.ts";
import { createAutoJoinWorker } from "../calendar/auto-join-worker.ts";
import type { WebDeps } from "../deps.ts";
import { createHealth } from "./health.ts";
import type { Lifecycle } from "./health.ts";
import { createListenerRoutes } from "../podcasts/listener-routes.ts";
import type { Uploads } from "../uploads/uploads.ts";
import { createMeetingAnswer } from "../live/meeting-answer.ts";
import { createWebsubRoutes } from "../webhooks/websub.ts";
import { createWebhooks } from "../webhooks/webhooks.ts";
import { createAuthRouter } from "./auth-handler.ts";
import { answerErrors } from "./errors.ts";
import { allowFrontEnd } from "./front-end.ts";
import { requireOwnOrigin, setClientAddress } from "./guard.ts";
import { giveNonce, noStore, secureHeaders } from "./headers.ts";
import { logRequests } from "./logging.ts";
import { measureRequests } from "./metrics.ts";
import { notFound } from "./problem.ts";
import { allowUploadTime } from "./request-time.ts";
import { answerRootRoutes } from "./root-routes.ts";
import { readTarget } from "./target.ts";

/** Everything that answers HTTP on the public port, in the order in which a request meets it. */
export function createExpress(
  deps: WebDeps,
  { lifecycle, uploads, pages }: { lifecycle: Lifecycle; uploads: Uploads; pages: RequestHandler[] },
): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", deps.env.TRUST_PROXY);
  app.use(logRequests(deps.log));
  app.use(measureRequests(deps.metrics));
  app.use(giveNonce, secureHeaders(deps.env), readTarget);
  app.use(createHealth(deps, lifecycle));
  // Shown with its channel's token, each.
  app.use("/api/webhook", createCalendarHints(deps));
  // At addresses that only their hubs were told.
  app.use("/api/webhook/websub", createWebsubRoutes(deps));
  // Signed by their senders, and from other origins by nature.
  app.use(createWebhooks(deps));
  app.use(answerRootRoutes);
  app.use(setClientAddress, requireOwnOrigin(deps.env.PUBLIC_URL, deps.env.FRONTEND_URL));
  app.use("/api", noStore);
  app.use("/api/auth", createAuthRouter(deps));
  app.use("/api/uploads", allowUploadTime(), uploads.handler);
  app.use("/api/calendar/auto-join/worker", createAutoJoinWorker(deps));
  app.use("/api", allowFrontEnd(deps.env.FRONTEND_URL), createApi(deps));
  app.use(createMeetingAnswer(deps));
  app.use("/podcasts", createListenerRoutes(deps));
  for (const page of pages) app.use(page);
  app.use(() => {
    throw notFound();
  });
  app.use(answerErrors(deps.log));
  return app;
}
