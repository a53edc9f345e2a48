import type { IncomingMessage, ServerResponse } from "node:http";
import { jwtVerify } from "jose";
import type { FakeCall } from "./stream-call.ts";
import { streamNanos } from "./stream-events.ts";

/** A request of the API as the fake keeps it. */
export interface ApiRequest {
  method: string;
  path: string;
  body: Record<string, unknown>;
  at: number;
}

/** What is set in Stream's dashboard. */
export interface StreamDashboard {
  webhookUrl: string;
  /** None: all. */
  webhookEvents: string[];
  hooks: { hook_type: string; enabled: boolean; webhook_url: string; event_types: string[] }[];
  /** Null: the call type `default` was deleted. */
  callType: { isBackstage: boolean; userMay: string[] } | null;
}

/** As a new application has it, but for what a guest may end. */
export const newDashboard = (): StreamDashboard => ({
  webhookUrl: "",
  webhookEvents: [],
  hooks: [],
  callType: { isBackstage: false, userMay: ["create-call", "join-call", "read-call", "send-audio", "send-video"] },
});

/** What Stream's API knows: users by id, calls by id. */
export interface StreamState {
  dashboard: StreamDashboard;
  users: Map<string, { id: string; name?: string }>;
  call: (id: string) => FakeCall;
}

export interface StreamClaims {
  server?: boolean;
  user_id?: string;
  call_cids?: string[];
}

/** The claims of a token signed with the app's secret (HS256); null for any other. */
export async function claimsOf(token: string | undefined, apiSecret: string): Promise<StreamClaims | null> {
  try {
    const key = new TextEncoder().encode(apiSecret);
    return (await jwtVerify<StreamClaims>(token ?? "", key, { algorithms: ["HS256"] })).payload;
  } catch {
    return null;
  }
}

export const apiErrors = {
  unknownKey: { status: 401, code: 2, message: "api_key not found" },
  badSignature: { status: 401, code: 43, message: "JWTAuth error: signature is not valid" },
  tooMany: { status: 429, code: 9, message: "Too many requests, you have exceeded the rate limit" },
  internal: { status: 500, code: -1, message: "Internal system error" },
} as const;

export interface ApiError {
  status: number;
  code: number;
  message: string;
}

export function sendApiError(response: ServerResponse, { status, code, message }: ApiError, headers = {}): void {
  const body = { code, message, StatusCode: status, duration: "0.00ms", more_info: "", details: [] };
  sendJson(response, status, body, headers);
}

/** Answers the endpoints of Stream's API that the product's callers use; all others do not exist. */
export function answerApi(request: ApiRequest, state: StreamState, response: ServerResponse): void {
  const { method, path, body } = request;
  if (method === "POST" && path === "/api/v2/users") return upsertUsers(body, state, response);
  if (method === "POST" && path === "/api/v2/video/call_stats") return sessionStats(body, state, response);
  if (method === "GET" && path === "/api/v2/app") return application(state, response);
  if (method === "GET" && path === "/api/v2/video/calltypes/default") return callType(state, response);
  const [, id, action] = /^\/api\/v2\/video\/call\/default\/([^/]+)(\/mark_ended)?$/.exec(path) ?? [];
  if (id === undefined) return sendApiError(response, { status: 404, code: 16, message: "Not Found" });

  const call = state.call(decodeURIComponent(id));
  if (method === "POST" && !action) {
    const created = !call.exists();
    call.create((body.data as { custom?: Record<string, unknown> } | undefined)?.custom);
    return sendCall(call, response, { created });
  }
  if (!call.exists()) {
    const message = `GetCall failed with error: "Can't find call with id ${call.toJson().cid}"`;
    return sendApiError(response, { status: 404, code: 16, message });
  }
  if (method === "GET") return sendCall(call, response);
  if (method !== "POST") return sendApiError(response, { status: 405, code: 4, message: "Method not allowed" });
  void call.endForAll();
  return sendJson(response, 201, { duration: "1.00ms" });
}

const sendCall = (call: FakeCall, response: ServerResponse, more = {}) =>
  sendJson(response, 200, { duration: "1.00ms", members: [], own_capabilities: [], call: call.toJson(), ...more });

function application({ dashboard }: StreamState, response: ServerResponse): void {
  const { webhookUrl: webhook_url, webhookEvents: webhook_events, hooks: event_hooks } = dashboard;
  const app = { name: "Convene's tests", webhook_url, webhook_events, event_hooks };
  sendJson(response, 200, { duration: "1.00ms", app });
}

function callType({ dashboard: { callType: type } }: StreamState, response: ServerResponse): void {
  if (type === null) {
    return sendApiError(response, { status: 404, code: 16, message: "call type 'default' does not exist" });
  }
  const now = streamNanos(new Date());
  const settings = { backstage: { enabled: type.isBackstage } };
  const told = { name: "default", created_at: now, updated_at: now, settings, grants: { user: type.userMay } };
  return sendJson(response, 200, { duration: "1.00ms", ...told });
}

function upsertUsers(body: Record<string, unknown>, { users }: StreamState, response: ServerResponse): void {
  const given = (body.users ?? {}) as Record<string, { id: string; name?: string }>;
  for (const user of Object.values(given)) users.set(user.id, user);
  const now = streamNanos(new Date());
  const known = Object.values(given).map((user) => [user.id, { role: "user", created_at: now, ...user }]);
  sendJson(response, 201, { duration: "1.00ms", membership_deletion_task_id: "", users: Object.fromEntries(known) });
}

function sessionStats(body: Record<string, unknown>, { call }: StreamState, response: ServerResponse): void {
  const { call_cid } = (body.filter_conditions ?? {}) as { call_cid?: string };
  const found = call(String(call_cid).replace(/^default:/, ""));
  const call_stats = found.sessions.map((session) => ({
    call_type: "default",
    call_id: found.id,
    call_session_id: session.id,
    call_started_at: streamNanos(session.startedAt),
    call_ended_at: session.endedAt && streamNanos(session.endedAt),
    generated_at: streamNanos(new Date()),
    counts: { participants: 1, sessions: 1 },
  }));
  sendJson(response, 201, { duration: "1.00ms", call_stats });
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}
