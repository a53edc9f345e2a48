import type { ServerResponse } from "node:http";
import { presentStates, terminalStates, TransitionRefused } from "./attendee-bot.ts";
import type { FakeBot } from "./attendee-bot.ts";
import { sendJson } from "./bot-faults.ts";
import type { BotRequest } from "./bot-service.ts";
import { orderRefusal } from "./attendee-order.ts";

/** What a request is about, for faults of one kind of requests only. */
export type AttendeeCall =
  | "create"
  | "list"
  | "get"
  | "leave"
  | "transcript"
  | "participant_events"
  | "recording"
  | "delete_data"
  | "other";
type AttendeeRequest = BotRequest<AttendeeCall>;

export interface AttendeeProject {
  baseUrl: string;
  bots: FakeBot[];
  pageSize: number;
  concurrentLimit: number;
  hasCredits: boolean;
  /** Makes a bot and sends it on its way. */
  add(order: Record<string, unknown>): FakeBot;
  /** An address of the recording that works for a while. */
  linkTo(bot: FakeBot): string;
}

const botPath = /^\/api\/v1\/bots\/([^/]+)(?:\/(leave|transcript|participant_events|recording|delete_data))?$/;

/** Which endpoint a request asks. */
export function callOf(method: string, path: string): AttendeeCall {
  if (path === "/api/v1/bots") return method === "POST" ? "create" : "list";
  const [, id, action] = botPath.exec(path) ?? [];
  return id === undefined ? "other" : ((action ?? "get") as AttendeeCall);
}

/** Answers the endpoints of Attendee that concern bots. */
export function answerApi(request: AttendeeRequest, project: AttendeeProject, response: ServerResponse): void {
  const { call, path } = request;
  if (call === "create") return create(request, project, response);
  if (call === "list") return list(request, project, response);
  if (call === "other") return sendJson(response, 404, { error: "Not found" });
  const id = decodeURIComponent(botPath.exec(path)?.[1] ?? "");
  const bot = project.bots.find((each) => each.id === id);
  if (bot === undefined) return sendJson(response, 404, { error: "Bot not found" });
  if (call === "recording") return recording(bot, project, response);
  if (call === "transcript") return sendJson(response, 200, transcriptOf(bot));
  if (call === "participant_events") return sendPage(request, project, response, bot.people.map(participantEvent));
  if (call === "get") return sendJson(response, 200, botJson(bot));
  try {
    if (call === "leave") bot.leave();
    else bot.eraseData();
    return sendJson(response, 200, botJson(bot));
  } catch (error) {
    if (error instanceof TransitionRefused) return sendJson(response, 400, { error: error.message });
    throw error;
  }
}

// In the order of `create_bot`: credits, the serializer, the limit, and last the database's unique index.
function create({ body }: AttendeeRequest, project: AttendeeProject, response: ServerResponse): void {
  const refuse = (error: string) => sendJson(response, 400, { error });
  if (!project.hasCredits) {
    return refuse("Organization has run out of credits. Please add more credits in the Account -> Billing page.");
  }
  const refusal = orderRefusal(body);
  if (refusal !== null) return sendJson(response, 400, refusal);
  const open = project.bots.filter((bot) => !terminalStates.includes(bot.state()));
  if (open.length >= project.concurrentLimit) {
    const limit = `the maximum number of concurrent bots (${project.concurrentLimit}) for your account`;
    return refuse(`You have exceeded ${limit}. Please reach out to customer support to increase the limit.`);
  }
  if (body["deduplication_key"] !== undefined && open.some(({ key }) => key === body["deduplication_key"])) {
    return refuse(
      "Deduplication key already in use. A bot in a non-terminal state with this deduplication key already exists. Please use a different deduplication key or wait for that bot to terminate.",
    );
  }
  return sendJson(response, 201, botJson(project.add(body)));
}

/** `ParticipantEventSerializer`. */
const participantEvent = ({ name, type, at }: FakeBot["people"][number]) => ({
  id: `pe_${name}_${at}`,
  participant_name: name,
  participant_uuid: `uuid-of-${name}`,
  participant_user_uuid: null,
  event_type: type,
  event_data: {},
  timestamp_ms: at,
});

function list(request: AttendeeRequest, project: AttendeeProject, response: ServerResponse): void {
  const { query } = request;
  const [key, url, states] = [query.get("deduplication_key"), query.get("meeting_url"), query.getAll("states")];
  const wanted = project.bots.filter(
    (bot) =>
      (!key || bot.key === key) &&
      (!url || bot.meetingUrl === url) &&
      (states.length === 0 || states.includes(bot.state())),
  );
  return sendPage(request, project, response, wanted.map(botJson));
}

/** `CursorPagination` of Django REST Framework. */
function sendPage({ query, path }: AttendeeRequest, project: AttendeeProject, response: ServerResponse, all: object[]) {
  const cursor = query.get("cursor");
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, "base64").toString());
  if (!Number.isInteger(from)) return sendJson(response, 404, { detail: "Invalid cursor" });
  const pageAt = (index: number) => {
    const next = new URLSearchParams(query);
    next.set("cursor", Buffer.from(String(index)).toString("base64"));
    return `${project.baseUrl}${path}?${next}`;
  };
  const until = from + project.pageSize;
  return sendJson(response, 200, {
    next: until < all.length ? pageAt(until) : null,
    previous: from > 0 ? pageAt(Math.max(0, from - project.pageSize)) : null,
    results: all.slice(from, until),
  });
}

function recording(bot: FakeBot, project: AttendeeProject, response: ServerResponse): void {
  if (!bot.hasRecording()) return sendJson(response, 404, { error: "No recording file found for bot" });
  return sendJson(response, 200, {
    url: project.linkTo(bot),
    start_timestamp_ms: bot.recordingStart()?.getTime() ?? null,
  });
}

function transcriptOf(bot: FakeBot) {
  const start = bot.recordingStart()?.getTime() ?? bot.createdAt.getTime();
  return bot.utterances
    .toSorted((a, b) => a.from - b.from)
    .map(({ speaker, text, from, to }) => ({
      speaker_name: speaker,
      speaker_uuid: `uuid-of-${speaker}`,
      speaker_user_uuid: null,
      speaker_is_host: false,
      timestamp_ms: Math.round(start + from * 1000),
      duration_ms: Math.round((to - from) * 1000),
      transcription: { transcript: text },
    }));
}

/** Django REST Framework's times, with microseconds. */
const drfTime = (at: Date): string => at.toISOString().replace("Z", "000Z");

/** `BotSerializer`: neither the bot's own time of creation nor what an event knows more. */
export const botJson = (bot: FakeBot) => ({
  id: bot.id,
  metadata: bot.metadata,
  meeting_url: bot.meetingUrl,
  state: bot.state(),
  events: bot.events.map(({ type, sub_type, created_at }) => ({
    type,
    created_at: drfTime(created_at),
    ...(sub_type === null ? {} : { sub_type }),
  })),
  transcription_state: bot.recordingStart() === null ? "not_started" : "in_progress",
  recording_state: recordingState(bot),
  join_at: null,
  deduplication_key: bot.key,
});

function recordingState(bot: FakeBot): string {
  if (bot.recordingStart() === null) return "not_started";
  return presentStates.includes(bot.state()) ? "in_progress" : "complete";
}
