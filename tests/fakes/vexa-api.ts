import type { ServerResponse } from "node:http";
import { sendJson } from "./bot-faults.ts";
import type { BotRequest } from "./bot-service.ts";
import type { FakeVexaBot, VexaRow } from "./vexa-bot.ts";
import { meetingJson, transcriptJson } from "./vexa-json.ts";

/** What a request is about, for faults of one kind of requests only. */
export type VexaCall =
  | "plan"
  | "create"
  | "list"
  | "get"
  | "leave"
  | "transcript"
  | "recording"
  | "delete_data"
  | "other";
type VexaRequest = BotRequest<VexaCall>;

export interface VexaAccount {
  /** All meetings, plans too, in the order of their creation. */
  rows: FakeVexaBot[];
  concurrentLimit: number;
  /** Whether somebody transcribes here. */
  hasSpeech: boolean;
  add(row: Pick<VexaRow, "platform" | "native" | "meetingUrl" | "title">): FakeVexaBot;
  audioOf(bot: FakeVexaBot): Promise<Buffer>;
}

const routes: [method: string, path: RegExp, call: VexaCall][] = [
  ["POST", /^\/meetings$/, "plan"],
  ["GET", /^\/meetings$/, "list"],
  ["GET", /^\/meetings\/(\d+)$/, "get"],
  ["DELETE", /^\/meetings\/(\d+)$/, "delete_data"],
  ["POST", /^\/bots$/, "create"],
  ["DELETE", /^\/bots\/([^/]+)\/([^/]+)$/, "leave"],
  ["GET", /^\/transcripts\/by-id\/(\d+)$/, "transcript"],
  ["GET", /^\/recordings\/(\d+)\/(?:master|media\/\d+\/raw)$/, "recording"],
];

export const callOf = (method: string, path: string): VexaCall =>
  routes.find(([one, pattern]) => one === method && pattern.test(path))?.[2] ?? "other";

const pinned = ["scheduled", "requested", "joining", "awaiting_admission", "active", "stopping"];
const refuse = (response: ServerResponse, status: number, detail: unknown) => sendJson(response, status, { detail });

/** Answers the endpoints of Vexa's gateway that concern meetings and their bots. */
export async function answerApi(request: VexaRequest, account: VexaAccount, response: ServerResponse): Promise<void> {
  const { call, method, path } = request;
  if (call === "plan") return plan(request, account, response);
  if (call === "create") return spawn(request, account, response);
  if (call === "list") return list(request, account, response);
  const [first = "", second = ""] =
    routes
      .find(([one, pattern]) => one === method && pattern.test(path))?.[1]
      .exec(path)
      ?.slice(1) ?? [];
  if (call === "leave") return stop(account, response, [decodeURIComponent(first), decodeURIComponent(second)]);
  const id = call === "recording" ? Number(first) / 100 : Number(first);
  const bot = account.rows.find(({ row }) => row.id === id);
  if (bot === undefined) return refuse(response, 404, "Meeting not found");
  if (call === "get") return sendJson(response, 200, meetingJson(bot, false));
  if (call === "delete_data") return remove(bot, account, response);
  if (call === "recording") return recording(bot, { account, response, isRaw: path.endsWith("/raw") });
  if (bot.isErased()) return refuse(response, 404, "Transcript was deleted");
  return sendJson(response, 200, transcriptJson(bot));
}

const openAt = (account: VexaAccount, platform: string, native: string) =>
  account.rows.find((bot) => bot.isOpen() && bot.row.platform === platform && bot.row.native === native);

function parsed(url: unknown): { platform: string; native: string } | null {
  const link = typeof url === "string" ? URL.parse(url) : null;
  const last = link?.pathname.split("/").findLast((part) => part !== "") ?? "";
  if (link?.hostname === "meet.google.com" && /^[a-z]{3}-[a-z]{4}-[a-z]{3}$/.test(last)) {
    return { platform: "google_meet", native: last };
  }
  if (link?.hostname.endsWith("zoom.us") && /^\d{9,11}$/.test(last)) return { platform: "zoom", native: last };
  return link?.hostname.startsWith("teams.") && last !== "" ? { platform: "teams", native: last } : null;
}

function plan({ body }: VexaRequest, account: VexaAccount, response: ServerResponse): void {
  const place = parsed(body["meeting_url"]);
  if (place === null) return refuse(response, 422, "meeting_url is not a recognizable meeting link");
  if (openAt(account, place.platform, place.native)) {
    return refuse(response, 409, "A non-terminal meeting already exists for this link");
  }
  const title = typeof body["title"] === "string" ? body["title"] : null;
  const bot = account.add({ ...place, meetingUrl: String(body["meeting_url"]), title });
  return sendJson(response, 201, meetingJson(bot, false));
}

function spawn({ body }: VexaRequest, account: VexaAccount, response: ServerResponse): void {
  const [platform, native] = [String(body["platform"]), String(body["native_meeting_id"])];
  if (!["google_meet", "zoom", "teams", "jitsi"].includes(platform)) {
    return refuse(response, 422, `platform '${platform}' cannot be spawned as a meeting bot`);
  }
  if (/[?#&=/\s]/.test(native)) return refuse(response, 422, "'native_meeting_id' must be the bare meeting id");
  if (platform === "zoom" && body["meeting_url"] === undefined) return refuse(response, 422, "provide meeting_url");
  if (body["transcribe_enabled"] !== false && !account.hasSpeech) {
    return refuse(response, 503, "no transcription backend configured — set TRANSCRIPTION_SERVICE_URL");
  }
  const known = openAt(account, platform, native);
  if (known !== undefined && !known.isPlanned())
    return refuse(response, 409, "A bot is already active on this meeting");
  const running = account.rows.filter((bot) => bot.isOpen() && !bot.isPlanned()).length;
  if (running >= account.concurrentLimit) return refuse(response, 429, "Bot concurrency limit reached");
  const meetingUrl =
    typeof body["meeting_url"] === "string" ? body["meeting_url"] : `https://meet.google.com/${native}`;
  const bot = known ?? account.add({ platform, native, meetingUrl, title: null });
  bot.spawn(body);
  return sendJson(response, 201, meetingJson(bot, false));
}

function list({ query }: VexaRequest, account: VexaAccount, response: ServerResponse): void {
  const rank = ({ row }: FakeVexaBot) => (pinned.includes(row.status) ? 1 : 0);
  const time = (bot: FakeVexaBot) => (bot.startedAt() ?? bot.row.createdAt).getTime();
  const ordered = account.rows.toSorted((a, b) => rank(b) - rank(a) || time(b) - time(a));
  const [from, most] = [Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 50)];
  const page = ordered.slice(from, from + most);
  return sendJson(response, 200, {
    meetings: page.map((bot) => meetingJson(bot, true)),
    has_more: from + page.length < ordered.length,
  });
}

function stop(account: VexaAccount, response: ServerResponse, [platform = "", native = ""]: readonly string[]): void {
  const bot = openAt(account, platform, native);
  if (bot === undefined || bot.isPlanned()) return refuse(response, 404, "No active meeting for this bot");
  bot.leave();
  return sendJson(response, 200, { status: "stopping", meeting_id: bot.row.id, also_stopped: [], cancelled: [] });
}

function remove(bot: FakeVexaBot, account: VexaAccount, response: ServerResponse): void {
  if (bot.isOpen() && !bot.isPlanned()) return refuse(response, 409, "The meeting is in flight");
  if (bot.isPlanned()) account.rows.splice(account.rows.indexOf(bot), 1);
  else bot.erase();
  response.writeHead(204).end();
}

async function recording(
  bot: FakeVexaBot,
  { account, response, isRaw }: { account: VexaAccount; response: ServerResponse; isRaw: boolean },
): Promise<void> {
  if (!bot.hasRecording()) return refuse(response, 404, "Recording not found");
  const [id, media] = [bot.row.id * 100, bot.row.id * 10];
  if (!isRaw) {
    const raw_url = `/recordings/${id}/media/${media}/raw?type=audio`;
    return sendJson(response, 200, { id, type: "audio", media_file_id: media, raw_url, duration_seconds: 3 });
  }
  const bytes = await account.audioOf(bot);
  response.writeHead(200, { "content-type": "audio/webm", "content-length": bytes.length }).end(bytes);
}
