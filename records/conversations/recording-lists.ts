import type { RunStatus } from "#domain/run.ts";
import { isoOf, momentOf } from "#domain/recorded.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { holdingText } from "../runs/run-lists.ts";
import { errorOf } from "../runs/runs.ts";
import { latestAnalysis } from "./analyses.ts";

const withRun = {
  recording: true,
  runs: { where: { kind: "recording" }, orderBy: { createdAt: "desc" }, take: 1 },
} satisfies Prisma.ConversationInclude;
type Row = Prisma.ConversationGetPayload<{ include: typeof withRun }>;

/** What a list shows of a recording. One is made with its run, so a row without either is half deleted: null. */
function summaryOf({ runs: [run], recording, ...conversation }: Row) {
  if (run === undefined || recording === null) return null;
  const recorded = momentOf(recording);
  return {
    id: conversation.id,
    title: conversation.title,
    status: run.status,
    stage: run.stage,
    percent: run.percent,
    message: run.message,
    attempt: run.attempt,
    error: errorOf(run),
    language: conversation.language,
    durationSeconds: recording.durationMs === null ? null : recording.durationMs / 1000,
    createdAt: conversation.createdAt,
    recordedAt: recorded && isoOf(recorded),
    workspaceId: conversation.workspaceId,
  };
}

export interface RecordingQuery {
  status?: RunStatus | undefined;
  workspaceId?: string | undefined;
  /** Part of a title or of what was said. */
  text?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** A person's recordings by themselves, the newest first; a cursor is the id of the last one before. */
export async function recordingsOf(db: Db, userId: string, query: RecordingQuery) {
  const { status, workspaceId, text, cursor, limit } = query;
  const rows = await db.conversation.findMany({
    where: {
      kind: "recording",
      ...readableBy(userId),
      runs: { some: { kind: "recording", ...(status === undefined ? {} : { status }) } },
      ...(workspaceId === undefined ? {} : { workspaceId }),
      ...(text === undefined ? {} : holdingText(text)),
      ...(cursor === undefined ? {} : { id: { lt: cursor } }),
    },
    include: withRun,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  const items = page.map(summaryOf).filter((item) => item !== null);
  return { items, nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** A recording with where its run stands and its newest reading. Null: not there, or not this person's. */
export async function recordingDetail(db: Db, userId: string, id: string) {
  const row = await db.conversation.findFirst({
    where: { id, kind: "recording", ...readableBy(userId) },
    include: { ...withRun, speakers: { orderBy: { label: "asc" } } },
  });
  const summary = row && summaryOf(row);
  if (row === null || summary === null || row.recording === null) return null;
  const analysis = await latestAnalysis(db, id);
  const { fileName, sizeBytes, sha256, speakerNote, speechModel } = row.recording;
  return {
    ...summary,
    fileName,
    sha256,
    speakerNote,
    speechModel,
    sizeBytes: Number(sizeBytes),
    runId: row.runs[0]?.id ?? null,
    speakers: row.speakers,
    warnings: row.runs[0]?.warnings ?? [],
    summary: analysis?.summary ?? null,
    actionItems: analysis?.actionItems ?? [],
    notes: analysis?.notes ?? [],
    analysisVersion: analysis?.version ?? null,
  };
}

/** Where a recording's sound and waveform lie in the media store. Null: not there, or not this person's. */
export const soundOf = (db: Db, userId: string, id: string) =>
  db.recording.findFirst({
    where: { id, conversation: readableBy(userId) },
    select: {
      mediaKey: true,
      fileName: true,
      originalRemovedAt: true,
      renditionKey: true,
      renditionType: true,
      peaksKey: true,
    },
  });
