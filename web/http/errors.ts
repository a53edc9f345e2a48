import type { ErrorRequestHandler } from "express";
import type { Logger } from "pino";
import { ZodError } from "zod";
import { isDatabaseDown } from "#records/database-down.ts";
import { isDiskFull } from "#records/disk-full.ts";
import { endUnread } from "./body-cap.ts";
import { requestIdOf } from "./logging.ts";
import { problemPage } from "./problem-page.ts";
import { Problem, problemBody } from "./problem.ts";

/** Turns whatever a handler threw into a problem that tells nothing of our insides. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) return invalidRequest(error);
  if (isDatabaseDown(error)) {
    return new Problem(503, "unavailable", "The server cannot reach its database just now. Try again in a moment.", {
      headers: { "Retry-After": "5" },
    });
  }
  if (isDiskFull(error)) {
    return new Problem(507, "storage_full", "The server has no room left for this file. Tell its administrator.");
  }
  const status = clientErrorStatus(error);
  if (status === 413) return new Problem(413, "too_large", "The request is larger than this server allows.");
  if (status !== null) return new Problem(status, "invalid_request", "The request could not be read.");
  return new Problem(500, "internal", "Something went wrong on our side. Quote the request id if you report it.");
}

export function invalidRequest(error: ZodError): Problem {
  const issues = error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  const [first] = issues;
  const detail = first === undefined ? "The request is not valid." : `${first.path || "The request"}: ${first.message}`;
  return new Problem(400, "invalid_request", detail, { issues });
}

/** Answers `application/problem+json`; what we did not foresee is logged in full, under the id that the answer has. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error, request, response, _next) => {
    const problem = asProblem(error);
    if (problem.status >= 500) (request.log ?? log).error({ err: error }, "request failed");
    if (response.headersSent) {
      // Express would print the error itself, with everything that hangs on it.
      response.destroy();
      return;
    }
    const body = problemBody(problem, requestIdOf(request));
    response.status(problem.status).set(problem.headers);
    const isPage = !request.originalUrl.startsWith("/api") && request.accepts(["json", "html"]) === "html";
    const text = isPage ? problemPage(body, String(response.locals["cspNonce"] ?? "")) : JSON.stringify(body);
    response.set("Content-Type", `${isPage ? "text/html" : "application/problem+json"}; charset=utf-8`);
    endUnread({ request, response }, text);
  };
}

// What Express and its body parsers throw for bad requests.
function clientErrorStatus(error: unknown): number | null {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return null;
  return error.status >= 400 && error.status < 500 ? error.status : null;
}
