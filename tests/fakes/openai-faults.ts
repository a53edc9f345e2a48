import type { ServerResponse } from "node:http";

/** Ways the service can fail. `count` requests fail (default 1), then it works again. */
export type OpenAiFault =
  | { kind: "rate_limited"; retryAfter?: string }
  | { kind: "no_credit" }
  | { kind: "unauthorized" }
  | { kind: "forbidden" }
  | { kind: "bad_request"; message?: string }
  | { kind: "server_error" }
  | { kind: "unavailable" }
  | { kind: "hang" }
  | { kind: "reset" }
  | { kind: "drip" }
  | { kind: "cut_off" }
  | { kind: "invalid_json" }
  | { kind: "wrong_schema" }
  | { kind: "words_alone" }
  | { kind: "bad_content" }
  | { kind: "huge" }
  | { kind: "refusal" }
  | { kind: "content_filter" }
  | { kind: "too_many_tokens" };

/** Faults that change a good answer instead of replacing it; the endpoints apply them. */
export const answerFaults = ["bad_content", "refusal", "content_filter", "too_many_tokens"] as const;
export type AnswerFault = (typeof answerFaults)[number];
export const isAnswerFault = (kind: OpenAiFault["kind"]): kind is AnswerFault =>
  (answerFaults as readonly string[]).includes(kind);

const hugeBytes = 12 * 1024 * 1024;

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function sendError(
  response: ServerResponse,
  status: number,
  error: { message: string; type: string; code?: string | null; param?: string | null },
  headers: Record<string, string> = {},
) {
  sendJson(response, status, { error: { param: null, code: null, ...error } }, headers);
}

/** Plays a fault that needs no answer of the endpoint. */
export function playFault(fault: OpenAiFault, response: ServerResponse): void {
  switch (fault.kind) {
    case "rate_limited":
      return sendError(
        response,
        429,
        { message: "Rate limit reached for requests", type: "requests", code: "rate_limit_exceeded" },
        fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter },
      );
    case "no_credit":
      return sendError(response, 429, {
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        code: "insufficient_quota",
      });
    case "unauthorized":
      return sendError(response, 401, {
        message: "Incorrect API key provided",
        type: "invalid_request_error",
        code: "invalid_api_key",
      });
    case "forbidden":
      return sendError(response, 403, {
        message: "Country, region, or territory not supported",
        type: "request_forbidden",
      });
    case "bad_request":
      return sendError(response, 400, {
        message: fault.message ?? "This model's maximum context length is exceeded.",
        type: "invalid_request_error",
        code: "context_length_exceeded",
      });
    case "server_error":
      return sendError(response, 500, { message: "The server had an error", type: "server_error" });
    case "unavailable":
      return sendError(response, 503, { message: "The engine is currently overloaded", type: "server_error" });
    case "hang":
      return undefined;
    case "reset":
      response.socket?.resetAndDestroy();
      return undefined;
    case "drip":
      return drip(response);
    case "cut_off":
      response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
      response.write('{"id":"chatcmpl-cut","choices":[', () => response.socket?.destroy());
      return undefined;
    case "invalid_json":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"id": "chatcmpl-broken", "choices": [{');
      return undefined;
    case "wrong_schema":
      return sendJson(response, 200, { hello: "this is not what was asked for" });
    case "words_alone":
      return sendJson(response, 200, { text: "Fault." });
    case "huge":
      return huge(response);
    default:
      throw new Error(`The fault ${fault.kind} is played by the endpoint itself`);
  }
}

function drip(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  const timer = setInterval(() => response.write(" "), 1000);
  response.on("close", () => clearInterval(timer));
}

function huge(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.write('{"padding":"');
  const chunk = "x".repeat(256 * 1024);
  let sent = 0;
  const more = () => {
    while (sent < hugeBytes && !response.destroyed) {
      sent += chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
    response.end('"}');
  };
  more();
}
