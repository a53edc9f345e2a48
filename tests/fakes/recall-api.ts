import type { ServerResponse } from "node:http";
import { sendJson } from "./bot-faults.ts";
import type { BotRequest } from "./bot-service.ts";
import { CommandRefused } from "./recall-bot.ts";
import type { FakeRecallBot } from "./recall-bot.ts";
import { recallRefusal } from "./recall-order.ts";

/** What a request is about, for faults of one kind of requests only. */
export type RecallCall = "create" | "list" | "get" | "leave" | "delete_data" | "other";
type RecallRequest = BotRequest<RecallCall>;

export interface RecallWorkspace {
  baseUrl: string;
  bots: FakeRecallBot[];
  pageSize: number;
  /** How many bots may be sent at once before the pool is empty. */
  pool: number;
  hasCredit: boolean;
  add(order: Record<string, unknown>): FakeRecallBot;
  audioOf(bot: FakeRecallBot): string;
  transcriptOf(bot: FakeRecallBot): string;
}

const botPath = /^\/api\/v1\/bot\/([^/]+)\/(?:(leave_call|delete_media)\/)?$/;

export function callOf(method: string, path: string): RecallCall {
  if (path === "/api/v1/bot/") return method === "POST" ? "create" : "list";
  const [, id, action] = botPath.exec(path) ?? [];
  if (id === undefined) return "other";
  if (action === "leave_call") return "leave";
  return action === "delete_media" ? "delete_data" : "get";
}

/** Answers by the name of a creation, which are given again to who asks by the same name within the hour. */
export type Answered = Map<string, { status: number; body: unknown; headers: Record<string, string> }>;

/** Answers the endpoints of Recall.ai that concern bots. */
export function answerApi(
  request: RecallRequest,
  workspace: RecallWorkspace,
  { answered, response }: { answered: Answered; response: ServerResponse },
): void {
  const { call, path } = request;
  if (call === "create") return create(request, workspace, { answered, response });
  if (call === "list") return list(request, workspace, response);
  const id = decodeURIComponent(botPath.exec(path)?.[1] ?? "");
  const bot = workspace.bots.find((each) => each.id === id);
  if (bot === undefined) return sendJson(response, 404, { detail: "Not found." });
  try {
    if (call === "leave") bot.leave();
    if (call === "delete_data") bot.eraseMedia();
    return sendJson(response, 200, botJson(bot, workspace));
  } catch (error) {
    if (error instanceof CommandRefused) return sendJson(response, 400, { code: error.code, detail: error.message });
    throw error;
  }
}

function create(
  { body, headers }: RecallRequest,
  workspace: RecallWorkspace,
  { answered, response }: { answered: Answered; response: ServerResponse },
): void {
  const name = headers["idempotency-key"];
  const before = typeof name === "string" ? answered.get(name) : undefined;
  const answer = before ?? { headers: {}, ...created(body, workspace) };
  if (typeof name === "string") answered.set(name, answer);
  sendJson(response, answer.status, answer.body, answer.headers);
}

function created(body: RecallRequest["body"], workspace: RecallWorkspace) {
  if (!workspace.hasCredit)
    return { status: 402, body: { code: "insufficient_credit_balance", detail: "Insufficient credit balance" } };
  const refusal = recallRefusal(body);
  if (refusal !== null) return { status: 400, body: refusal };
  if (workspace.pool <= 0) {
    const words = "Ran out of ad-hoc bots, please retry in 30 seconds.";
    return { status: 507, body: { code: "adhoc_pool_depleted", detail: words }, headers: { "retry-after": "30" } };
  }
  workspace.pool -= 1;
  return { status: 201, body: botJson(workspace.add(body), workspace) };
}

function list({ query }: RecallRequest, workspace: RecallWorkspace, response: ServerResponse): void {
  const filters = [...query].filter(([name]) => name.startsWith("metadata__"));
  const wanted = workspace.bots.filter(({ metadata }) =>
    filters.every(([name, value]) => metadata[name.slice("metadata__".length)] === value),
  );
  const page = Number(query.get("page") ?? 1);
  const from = (page - 1) * workspace.pageSize;
  const until = from + workspace.pageSize;
  const next = new URLSearchParams(query);
  next.set("page", String(page + 1));
  return sendJson(response, 200, {
    next: until < wanted.length ? `${workspace.baseUrl}/api/v1/bot/?${next}` : null,
    previous: null,
    results: wanted.slice(from, until).map((bot) => botJson(bot, workspace)),
  });
}

/** Django REST Framework's times, with microseconds. */
const drfTime = (at: Date): string => at.toISOString().replace("Z", "000Z");

export const changeJson = ({ code, sub_code, created_at }: FakeRecallBot["changes"][number]) => ({
  code,
  message: null,
  created_at: drfTime(created_at),
  sub_code,
});

function botJson(bot: FakeRecallBot, workspace: RecallWorkspace) {
  return {
    id: bot.id,
    meeting_url: { meeting_id: bot.meetingUrl.split("/").at(-1), platform: "google_meet" },
    bot_name: bot.order["bot_name"],
    join_at: null,
    metadata: bot.metadata,
    status_changes: [
      { code: "ready", message: null, created_at: drfTime(new Date(0)), sub_code: null },
      ...bot.changes.map(changeJson),
    ],
    recordings: recordingsJson(bot, workspace),
  };
}

function recordingsJson(bot: FakeRecallBot, workspace: RecallWorkspace) {
  const began = bot.changes.find(({ code }) => code === "in_call_recording");
  if (began === undefined) return [];
  const isReady = bot.hasRecording();
  const media = (url: string) => ({
    id: `media-of-${bot.id}`,
    status: { code: isReady ? "done" : "processing", sub_code: null },
    data: { download_url: isReady ? url : null },
  });
  return [
    {
      id: `recording-of-${bot.id}`,
      started_at: drfTime(began.created_at),
      completed_at: null,
      status: { code: isReady ? "done" : "processing", sub_code: null },
      media_shortcuts: {
        video_mixed: null,
        audio_mixed: media(workspace.audioOf(bot)),
        transcript: media(workspace.transcriptOf(bot)),
        participant_events: null,
        meeting_metadata: null,
      },
    },
  ];
}
