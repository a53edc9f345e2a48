import { createRequestHandler } from "@react-router/express";
import type { RequestHandler } from "express";
import { RouterContextProvider } from "react-router";
import * as build from "virtual:react-router/server-build";
import { depsContext, nonceContext, requestIdContext } from "./pages/context.ts";
import type { WebDeps } from "./deps.ts";

/**
 * The pages, as an Express handler to be mounted last. Reads `res.locals.cspNonce` (the nonce of the response's
 * Content-Security-Policy) and `req.id` (the id under which the request is logged), where an earlier handler set them.
 */
export function createApp(deps: WebDeps): RequestHandler {
  return createRequestHandler({
    build,
    mode: import.meta.env.MODE,
    getLoadContext(request, response) {
      const context = new RouterContextProvider();
      context.set(depsContext, deps);
      context.set(nonceContext, String(response.locals["cspNonce"] ?? ""));
      context.set(requestIdContext, "id" in request && typeof request.id === "string" ? request.id : "");
      return context;
    },
  });
}
