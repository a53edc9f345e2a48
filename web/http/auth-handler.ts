import { toNodeHandler } from "better-auth/node";
import { json, Router } from "express";
import type { WebDeps } from "../deps.ts";
import { capBody } from "./body-cap.ts";
import { addressKey, spendApiRequest } from "./guard.ts";
import { requestIdOf } from "./logging.ts";
import { problemBody, unauthenticated } from "./problem.ts";

/** `/api/auth/*`: the token for sockets, and better-auth for all else, its refusals in the form of our own. */
export function createAuthRouter(deps: WebDeps): Router {
  const { auth } = deps;
  const router = Router();
  const handle = toNodeHandler(async (request: Request) => {
    const requestId = request.headers.get("x-request-id") ?? "";
    return refusal(await auth.handler(request), requestId);
  });
  router.use(async (request, _response, next) => {
    await spendApiRequest(deps, addressKey(request.ip));
    next();
  });
  // Before better-auth's own routes, since programs with an API key need it too.
  router.get("/token", async (request, response) => {
    const actor = await auth.actorOf(request);
    if (actor === null) throw unauthenticated();
    response.json({ token: await auth.issueLiveToken(actor) });
  });
  router.use(capBody(20_000), json({ limit: 20_000 }));
  router.use(async (request, response) => {
    request.headers["x-request-id"] = requestIdOf(request);
    await handle(request, response);
  });
  return router;
}

async function refusal(response: Response, requestId: string): Promise<Response> {
  if (response.status < 400) return response;
  const said: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const { code, message } = Object(said) as { code?: unknown; message?: unknown };
  const problem = problemBody(
    {
      status: response.status,
      code: typeof code === "string" ? code.toLowerCase() : response.status === 404 ? "not_found" : "refused",
      message: typeof message === "string" ? message : "The request was refused.",
      issues: undefined,
    },
    requestId,
  );
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/problem+json; charset=utf-8");
  headers.delete("content-length");
  // `message` is where better-auth's own client looks for the words.
  return new Response(JSON.stringify({ ...problem, message: problem.detail }), { status: response.status, headers });
}
