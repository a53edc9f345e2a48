import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import { pinoHttp } from "pino-http";
import { currentRequest } from "./current-request.ts";
import { loggedPath } from "./logged-path.ts";

const requestIdForm = /^[A-Za-z0-9_.-]{8,64}$/;

/**
 * Logs each request in a line and gives it the id that its answer and its log lines share. Neither headers nor queries
 * are logged, and of paths only what is known to be harmless: the rest holds cookies, keys and tokens.
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
    // With pino-http's own wrapping, errors would be told its way and not as our log tells them.
    wrapSerializers: false,
    serializers: {
      req: (request: IncomingMessage) => ({
        id: request.id,
        method: request.method,
        path: loggedPath(request.url ?? ""),
      }),
      res: (response: ServerResponse) => ({ status: response.statusCode }),
    },
  });
  return (request, response, next) => {
    logRequest(request, response);
    currentRequest.run(requestIdOf(request), next);
  };
}

/** The id under which a request is logged, once `logRequests` has seen it. */
export const requestIdOf = ({ id }: IncomingMessage): string => (typeof id === "string" ? id : "");
