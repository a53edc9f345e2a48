import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { currentRequest } from "./current-request.ts";

const requestIdForm = /^[A-Za-z0-9_.-]{8,64}$/;

/** A path without its query, and without the secret that an invite link is. */
const pathOf = (url: string) => (url.split("?")[0] ?? "").replace(/^((?:\/api)?\/invites?\/)[^/]+/, "$1…");

/**
 * Logs each request in a line and gives it the id that its answer and its log lines share. Neither headers nor queries
 * are logged: they hold cookies, keys and tokens.
 */
export function logRequests(log: Logger): RequestHandler {
  const logRequest = pinoHttp({
    logger: log,
    genReqId(request, response) {
      const given = request.headers["x-request-id"];
      const id = typeof given === "string" && requestIdForm.test(given) ? given : randomUUID();
      response.setHeader("X-Request-Id", id);
      return id;
    },
    customLogLevel: (_request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? "error" : response.statusCode >= 400 ? "info" : "debug",
    serializers: {
      req: (request: { id: unknown; method: string; url: string; raw: IncomingMessage }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request.raw.url ?? request.url),
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
  return (request, response, next) => {
    logRequest(request, response);
    currentRequest.run(requestIdOf(request), next);
  };
}

/** The id under which a request is logged, once `logRequests` has seen it. */
export const requestIdOf = ({ id }: IncomingMessage): string => (typeof id === "string" ? id : "");
