import { toNodeHandler } from "better-auth/node";
import { json, Router } from "express";
import { z } from "zod";
import type { WebDeps } from "../deps.ts";
import { capBody } from "./body-cap.ts";
import { addressKey, spendApiRequest } from "./guard.ts";
import { requestIdOf } from "./logging.ts";
import { notFound, problemBody, unauthenticated } from "./problem.ts";

const SessionName = z.object({ id: z.string().min(1).max(100) });

/** `/api/auth/*`: the token for sockets, and better-auth for all else, its refusals in the form of our own. */
export function createAuthRouter(deps: WebDeps): Router {
  const { auth, prisma } = deps;
  const router = Router();
  const handle = toNodeHandler(async (request: Request) => {
    const requestId = request.headers.get("x-request-id") ?? "";
    const response = await auth.handler(request);
    return response.status < 400 ? withoutTokens(response) : refusal(response, requestId);
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
  // better-auth knows a session by its token, which nobody is told; out here it has its id.
  router.post("/revoke-session", async (request, _response, next) => {
    const { id } = SessionName.parse(request.body ?? {});
    const actor = await auth.actorOf(request);
    if (actor === null) throw unauthenticated();
    const session = await prisma.session.findFirst({ where: { id, userId: actor.userId }, select: { token: true } });
    if (session === null) throw notFound();
    request.body = session;
    next();
  });
  router.use(async (request, response) => {
    request.headers["x-request-id"] = requestIdOf(request);
    await handle(request, response);
  });
  return router;
}

/**
 * An answer without the session's token. The cookie has it, where scripts cannot read it; an answer that tells it would
 * hand the session to any script in our pages.
 */
async function withoutTokens(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("application/json")) return response;
  const said = await response.clone().text();
  // A redirect calls itself JSON and has no body.
  if (said === "") return response;
  const body = JSON.stringify(JSON.parse(said), (key, value: unknown) => (key === "token" ? undefined : value));
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(body, { status: response.status, headers });
}

async function refusal(response: Response, requestId: string): Promise<Response> {
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
