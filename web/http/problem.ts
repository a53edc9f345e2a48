import { STATUS_CODES } from "node:http";

/** The body of every refused request (RFC 9457), as `application/problem+json`. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  /** For programs; stays the same when words change. */
  code: string;
  /** For people: what happened and the way out. */
  detail: string;
  requestId: string;
  /** What is wrong with the request, part by part, where that can be said. */
  issues?: { path: string; message: string }[];
}

export interface ProblemOptions {
  headers?: Record<string, string>;
  issues?: ProblemBody["issues"];
}

/** A refusal with words for the person who asked. Throw it from a handler. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly issues: ProblemBody["issues"];

  constructor(status: number, code: string, detail: string, { headers = {}, issues }: ProblemOptions = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.issues = issues;
  }
}

export const problemBody = (
  { status, code, message, issues }: Pick<Problem, "status" | "code" | "message" | "issues">,
  requestId: string,
): ProblemBody => ({
  type: "about:blank",
  title: STATUS_CODES[status] ?? "Error",
  status,
  code,
  detail: message,
  requestId,
  ...(issues === undefined ? {} : { issues }),
});

export const unauthenticated = () =>
  new Problem(401, "unauthenticated", "Sign in, or send an API key that works.", {
    headers: { "WWW-Authenticate": 'Bearer realm="Convene"' },
  });
export const forbidden = (detail = "Your role does not allow this.") => new Problem(403, "forbidden", detail);
export const notFound = () => new Problem(404, "not_found", "There is nothing here, or it is not yours to see.");
export const conflict = (detail: string) => new Problem(409, "conflict", detail);
export const tooManyRequests = (seconds: number) =>
  new Problem(429, "too_many_requests", `Too many requests. Try again in ${seconds} seconds.`, {
    headers: { "Retry-After": String(seconds) },
  });
