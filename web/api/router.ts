import { json, Router } from "express";
import type { Request, RequestHandler, Response } from "express";
import type { WebDeps } from "../deps.ts";
import { capBody, usualBody } from "../http/body-cap.ts";
import { addressKey, spendApiRequest } from "../http/guard.ts";
import { otherMethods } from "../http/methods.ts";
import { forbidden, notFound, unauthenticated } from "../http/problem.ts";
import { allowUploadTime } from "../http/request-time.ts";
import { createDocs } from "./docs.ts";
import { routes } from "./routes.ts";
import type { Route } from "./route.ts";
import { send } from "./route.ts";

/**
 * The REST API, to be mounted at `/api`: the routes of the table and their docs, 405 for other methods of their paths,
 * and 404 for all else.
 */
export function createApi(deps: WebDeps): Router {
  const router = Router();
  router.use(createDocs());
  for (const route of routes) mount(router, route, deps);
  for (const [path, methods] of methodsByPath()) router.all(path, otherMethods(methods));
  router.use(() => {
    throw notFound();
  });
  return router;
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes) methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  return methods;
}

/** What becomes of a route's body before its handler: a form with a file is left to it, as a stream. */
function bodyHandlers({ multipart, orJson, body, maxBody = usualBody }: Route, deps: WebDeps): RequestHandler[] {
  if (multipart !== undefined)
    return [allowUploadTime(), ...(orJson === undefined ? [] : [json({ limit: usualBody })])];
  const cap = maxBody === usualBody ? capBody(maxBody) : capByActor(deps, maxBody);
  return [cap, ...(body === undefined ? [] : [json({ limit: maxBody })])];
}

// Large bodies are held in memory, so they are taken from people with an account only; they have a file's time to arrive.
const capByActor =
  ({ auth }: WebDeps, largest: number): RequestHandler =>
  async (request, response, next) => {
    if ((await auth.actorOf(request)) === null) return capBody(usualBody)(request, response, next);
    allowUploadTime()(request, response, () => capBody(largest)(request, response, next));
  };

function mount(router: Router, route: Route, deps: WebDeps): void {
  const answer = async (request: Request, response: Response) => {
    const actor = await deps.auth.actorOf(request);
    await spendApiRequest(deps, actor === null ? addressKey(request.ip) : `user:${actor.userId}`);
    if (actor === null) throw unauthenticated();
    if (route.access === "admin" && actor.role !== "admin") throw forbidden();
    send(route, await route.run({ deps, actor, request, response }), response);
  };
  router[route.method](route.path, ...bodyHandlers(route, deps), async (request, response) => {
    response.locals["route"] = `/api${route.path}`;
    try {
      await answer(request, response);
    } catch (error) {
      const reply = route.refuse?.(error) ?? null;
      if (reply === null) throw error;
      if (reply.status >= 500) (request.log ?? deps.log).error({ err: error }, "request failed");
      send(route, reply, response);
    }
  });
}
