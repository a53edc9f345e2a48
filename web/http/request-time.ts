import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestHandler } from "express";
import { Problem, problemBody } from "./problem.ts";

/** In milliseconds: for a whole request to arrive, and for an upload without a byte. */
export interface RequestTimes {
  wholeMs: number;
  idleMs: number;
}

export const requestTimes: RequestTimes = { wholeMs: 30_000, idleMs: 60_000 };

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/**
 * Ends a request that has not arrived whole in time, so that a body which drips in holds no connection for long. Asked
 * again for the same request, the newer limit counts. `body` is the answer's, if not a problem in our form.
 */
export function limitTime(request: IncomingMessage, response: ServerResponse, wholeMs: number, body?: object): void {
  clearTimeout(timers.get(request));
  const timer = setTimeout(() => refuse(request, response, body), wholeMs);
  timers.set(request, timer);
  request.once("close", () => clearTimeout(timer));
}

/** For uploads, in place of the above: they may take hours, but not without a byte. */
export const allowUploadTime =
  ({ idleMs } = requestTimes): RequestHandler =>
  (request, response, next) => {
    clearTimeout(timers.get(request));
    request.setTimeout(idleMs, () => refuse(request, response));
    // What is whole may be worked on for longer; Node would cut a silent connection off.
    request.once("end", () => request.setTimeout(0));
    next();
  };

function refuse(request: IncomingMessage, response: ServerResponse, body?: object) {
  if (request.complete) return;
  // Refused long ago for another reason, and still coming.
  if (response.headersSent) return void request.destroy();
  const problem = new Problem(408, "too_slow", "The request did not arrive in time. Send it again.");
  const requestId = String(response.getHeader("X-Request-Id") ?? "");
  response.once("finish", () => request.destroy());
  const type = body === undefined ? "application/problem+json" : "application/json";
  response
    .writeHead(problem.status, { "Content-Type": type, Connection: "close" })
    .end(JSON.stringify(body ?? problemBody(problem, requestId)));
}
