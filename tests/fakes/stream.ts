import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { answerApi, apiErrors, claimsOf, newDashboard, readBody, sendApiError } from "./stream-api.ts";
import type { ApiError, ApiRequest } from "./stream-api.ts";
import { createCall } from "./stream-call.ts";
import type { FakeCall } from "./stream-call.ts";
import { openRealtimeLink } from "./stream-link.ts";
import { newId } from "./stream-speech.ts";
import type { Spelling } from "./stream-speech.ts";
import { createWebhookSender } from "./stream-webhooks.ts";
import type { WebhookOptions, WebhookSender } from "./stream-webhooks.ts";

export { signStream, streamEvents } from "./stream-events.ts";
export type { StreamEvent } from "./stream-events.ts";
export type { FakeCall } from "./stream-call.ts";
export type { RealtimeLink } from "./stream-link.ts";
export { createWebhookSender } from "./stream-webhooks.ts";
export type { Delivery, SendAllOptions, SendOptions, WebhookSender } from "./stream-webhooks.ts";

export interface FakeStreamOptions {
  apiKey?: string;
  apiSecret?: string;
  /** The only OpenAI key that gets a session (default `sk-test`). */
  openAiApiKey?: string;
  spelling?: Spelling;
  lateTranscription?: boolean;
  /** False: `session.updated` is not passed on to the agent's side. */
  confirmsUpdates?: boolean;
  /** A session ends with `session_expired` after this (OpenAI: 60 minutes). */
  sessionLimitMs?: number;
}

/**
 * Ways a request of the API or the joining of an agent can fail. `hang`: no answer; `mute` (joining only): the
 * connection opens and nothing is said; `error` (joining only): an `error` message in place of the session; `slow`
 * (joining only): the session comes, after this time.
 */
export type StreamFault =
  | { kind: "hang" | "mute" | "reset" }
  | { kind: "slow"; ms: number }
  | { kind: "status"; status: 401 | 403 | 404 | 429 | 500 | 503; retryAfter?: string }
  | { kind: "error"; error: { type?: string; code?: string; message?: string } };

/**
 * A stand-in of Stream Video that its real SDK talks to unchanged (`basePath`): users, calls, session statistics, the
 * WebSocket of `/video/connect_agent` with OpenAI's realtime session behind it, and signed webhooks.
 */
export async function startFakeStream(options: FakeStreamOptions = {}) {
  const { apiKey = "stream-key", apiSecret = "stream-secret", openAiApiKey = "sk-test" } = options;
  const { spelling = "ga", lateTranscription = false, sessionLimitMs = 60 * 60_000, confirmsUpdates = true } = options;
  const requests: ApiRequest[] = [];
  const users = new Map<string, { id: string; name?: string }>();
  const dashboard = newDashboard();
  const calls = new Map<string, FakeCall>();
  let hook: WebhookSender | null = null;
  let faults: { on: "api" | "agent"; fault: StreamFault; left: number; path: string | null }[] = [];

  const callOf = (id: string): FakeCall => {
    const publish: Parameters<typeof createCall>[1]["publish"] = async (event) => (hook ? hook.send(event) : []);
    const call = calls.get(id) ?? createCall(id, { spelling, lateTranscription, publish });
    calls.set(id, call);
    return call;
  };
  const takeFault = (on: "api" | "agent", path: string): StreamFault | null => {
    const entry = faults.find((each) => each.on === on && (each.path === null || each.path === path));
    if (!entry) return null;
    entry.left -= 1;
    faults = faults.filter((each) => each.left > 0);
    return entry.fault;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const body = await readBody(request);
    const record = { method: request.method ?? "", path: url.pathname, body, at: Date.now() };
    requests.push(record);
    const fault = takeFault("api", url.pathname);
    if (fault?.kind === "hang") return undefined;
    if (fault?.kind === "reset") return void request.socket.resetAndDestroy();
    if (fault?.kind === "status") return playStatus(fault, response);
    if (url.searchParams.get("api_key") !== apiKey) return sendApiError(response, apiErrors.unknownKey);
    const claims = await claimsOf(request.headers.authorization, apiSecret);
    if (!claims?.server) return sendApiError(response, apiErrors.badSignature);
    return answerApi(record, { users, dashboard, call: callOf }, response);
  }

  async function join(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    const fault = takeFault("agent", url.pathname);
    if (fault?.kind === "hang") return undefined;
    if (fault?.kind === "reset") return void socket.destroy();
    if (fault?.kind === "status") return refuseUpgrade(socket, fault.status);
    if (url.pathname !== "/video/connect_agent") return refuseUpgrade(socket, 404);
    const token = request.headers["stream-authorization"];
    const claims = await claimsOf(typeof token === "string" ? token : undefined, apiSecret);
    const callId = url.searchParams.get("call_id") ?? "";
    const isAllowed = claims?.call_cids?.includes(`${url.searchParams.get("call_type")}:${callId}`) ?? false;
    if (url.searchParams.get("api_key") !== apiKey || !isAllowed) return refuseUpgrade(socket, 401);

    sockets.handleUpgrade(request, socket, head, (agent) => {
      const sendError = (error: object) => {
        agent.send(JSON.stringify({ type: "error", event_id: newId("event"), error }));
        agent.close(3000);
      };
      if (fault?.kind === "mute") return undefined;
      if (fault?.kind === "error") return sendError(fault.error);
      const userId = claims?.user_id ?? "";
      if (!callOf(callId).exists()) return sendError({ code: "16", message: `Can't find call with id ${callId}` });
      if (!users.has(userId)) return sendError({ code: "16", message: `the user ${userId} does not exist` });
      if (request.headers.authorization !== `Bearer ${openAiApiKey}`) return sendError(refusedKey);
      const enter = () => seat(agent, callOf(callId), userId, url.searchParams.get("model") ?? "");
      if (fault?.kind === "slow") return void setTimeout(enter, fault.ms);
      return enter();
    });
  }

  function seat(agent: WebSocket, call: FakeCall, userId: string, model: string): void {
    const link = openRealtimeLink(agent, { agentId: userId, model, confirmsUpdates });
    link.send({
      type: "session.created",
      session: { object: "realtime.session", id: newId("sess"), ...link.session() },
    });
    call.seat(link);
    const expiry = setTimeout(() => {
      const message = "Your session hit the maximum duration of 60 minutes.";
      link.sendError({ type: "invalid_request_error", code: "session_expired", message });
      link.hangUp(1001);
    }, sessionLimitMs);
    void link.closed.then(() => clearTimeout(expiry));
  }

  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => sendApiError(response, apiErrors.internal));
  });
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => upgraded.delete(socket));
    join(request, socket, head).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    for (const socket of upgraded) socket.destroy();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };

  return {
    /** For `STREAM_BASE_URL`. */
    baseUrl: `http://127.0.0.1:${port}`,
    apiKey,
    apiSecret,
    openAiApiKey,
    requests,
    users,
    /** What is set in the application; tests change it. */
    dashboard,
    /** The call of a meeting. It comes to be with `start()`, or when somebody creates it by the API. */
    call: callOf,
    /** The next `times` API requests (of one path or of any), or attempts of agents to join, meet this fault. */
    failNext(on: "api" | "agent", fault: StreamFault, times = 1, path: string | null = null) {
      faults.push({ on, fault, left: times, path });
    },
    mend() {
      faults = [];
    },
    /** From now on the events of all calls are delivered to this address. */
    webhook(url: string, more: Partial<WebhookOptions> = {}): WebhookSender {
      hook = createWebhookSender(url, { apiKey, apiSecret, ...more });
      return hook;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type FakeStream = Awaited<ReturnType<typeof startFakeStream>>;

const refusedKey = {
  type: "invalid_request_error",
  code: "invalid_api_key",
  message: "Incorrect API key provided: sk-wro**ng. You can find your API key at https://platform.openai.com.",
};

function playStatus({ status, retryAfter }: { status: number; retryAfter?: string }, response: ServerResponse): void {
  const known: Record<number, ApiError> = {
    401: apiErrors.badSignature,
    429: apiErrors.tooMany,
    500: apiErrors.internal,
  };
  const error = known[status] ?? { status, code: status, message: "Not now" };
  sendApiError(response, error, retryAfter === undefined ? {} : { "retry-after": retryAfter });
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
