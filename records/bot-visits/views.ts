import { isBotDone, isBotInCall } from "#domain/bot.ts";
import type { BotReason, BotState } from "#domain/bot.ts";
import type { Platform } from "#domain/calendar/event.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { botReasonMessage } from "./bot.ts";

export interface RecorderView {
  id: string;
  runId: string;
  workspaceId: string;
  title: string;
  platform: Platform;
  meetingUrl: string;
  startsAt: Date;
  endsAt: Date | null;
  joinAt: Date;
  status: RunStatus;
  /** Where the visit stands, in words. */
  message: string;
  stopping: boolean;
  bot: {
    id: string;
    state: BotState;
    reason: BotReason | null;
    message: string;
    joinedAt: Date | null;
    leftAt: Date | null;
    /** When what it recorded was erased at its provider. */
    erasedAt: Date | null;
  } | null;
  /** What the bot recorded, once it is there. */
  recordingId: string | null;
  /** Whether another attempt can bring one: it was not fetched yet, or the meeting may go on. */
  canRetry: boolean;
}

const included = { run: true } satisfies Prisma.RecorderInclude;
type Row = Prisma.RecorderGetPayload<{ include: typeof included }>;

/** Of visits under way or to come, and of those whose bot is on its way or in the meeting. */
const statusesOf: Record<"open" | "ongoing", RunStatus[]> = {
  open: ["pending", "starting", "active", "processing"],
  ongoing: ["starting", "active"],
};

/** Visits of a person's workspaces, the newest first; of one kind only where asked. */
export async function recordersOf(
  db: Db,
  userId: string,
  { cursor = null, limit = 30, only }: { cursor?: string | null; limit?: number; only?: "open" | "ongoing" } = {},
): Promise<{ items: RecorderView[]; nextCursor: string | null }> {
  const rows = await db.recorder.findMany({
    where: {
      ...readableBy(userId),
      ...(only === undefined ? {} : { run: { status: { in: statusesOf[only] } } }),
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    include: included,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = await viewsOf(db, rows.slice(0, limit));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export const recorderOf = (db: Db, userId: string, id: string) => findOne(db, { id, ...readableBy(userId) });

/** The visit that a run makes. */
export const recorderOfRun = (db: Db, userId: string, runId: string) => findOne(db, { runId, ...readableBy(userId) });

async function findOne(db: Db, where: Prisma.RecorderWhereInput): Promise<RecorderView | null> {
  const row = await db.recorder.findFirst({ where, include: included });
  if (row === null) return null;
  const [view] = await viewsOf(db, [row]);
  return view ?? null;
}

async function viewsOf(db: Db, rows: Row[]): Promise<RecorderView[]> {
  const recordings = await db.recording.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    select: { id: true },
  });
  const recorded = new Set(recordings.map(({ id }) => id));
  return rows.map((row) => ({
    id: row.id,
    runId: row.runId,
    workspaceId: row.workspaceId,
    title: row.title,
    platform: row.platform as Platform,
    meetingUrl: row.meetingUrl,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    joinAt: row.joinAt,
    status: row.run.status as RunStatus,
    message: row.run.message,
    stopping: row.stoppedAt !== null && !isFinal(row.run.status as RunStatus),
    bot: botOf(row),
    recordingId: recorded.has(row.id) ? row.id : null,
    canRetry: !recorded.has(row.id) && isWorthAnother(row),
  }));
}

function isWorthAnother({ endsAt, run: { status, errorStage, errorCode } }: Row): boolean {
  if (status !== "failed" && status !== "cancelled") return false;
  if (errorStage === "collect") return errorCode !== "not_recorded";
  return endsAt === null || endsAt > new Date();
}

function botOf({ botId, botState, botReason, joinedAt, leftAt, erasedAt }: Row): RecorderView["bot"] {
  if (botId === null || botState === null) return null;
  const state = botState as BotState;
  const reason = botReason as BotReason | null;
  const message = isBotDone(state) ? botReasonMessage(reason) : "";
  return { id: botId, state, reason, message, joinedAt, leftAt, erasedAt };
}

/** A bot's state in the reference design's four words (B-28). */
export function botStatusWord(state: BotState): "deployed" | "joining" | "in_call" | "failed" {
  if (state === "failed") return "failed";
  if (isBotInCall(state) || state === "leaving") return "in_call";
  return state === "requested" ? "deployed" : "joining";
}
