import { z } from "zod";
import { runStatuses } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { isoOf, momentFrom, momentOf, RecordedAt } from "#domain/recorded.ts";
import { conversationTitle } from "#domain/inputs/conversation.ts";
import { searchText } from "#domain/text.ts";
import { readableBy } from "#records/accounts/access.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import { dateRecording, deleteConversation, renameConversation } from "#records/conversations/conversations.ts";
import { holdingText } from "#records/runs/run-lists.ts";
import { errorOf } from "#records/runs/runs.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { notFound } from "../http/problem.ts";
import { requireWriter } from "./access.ts";
import { route } from "./route.ts";
import { cursorQuery, IdParams, linksOf, listOf, pageOf, Recording, RecordingDetail } from "./schemas.ts";

const withRun = {
  recording: true,
  runs: { where: { kind: "recording" }, orderBy: { createdAt: "desc" }, take: 1 },
} satisfies Prisma.ConversationInclude;
type Row = Prisma.ConversationGetPayload<{ include: typeof withRun }>;

/** What a list shows of a recording. A recording is made with its run, so one without is a row half deleted. */
function summaryOf({ runs: [run], recording, ...conversation }: Row) {
  if (run === undefined || recording === null) throw notFound();
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

const ListQuery = z.object({
  ...cursorQuery,
  status: z.enum(runStatuses).optional(),
  workspaceId: z.uuid().optional(),
  q: searchText().optional().meta({ description: "Part of a title, or of what was said" }),
});

const statusIs = (status: RunStatus | undefined): Prisma.ConversationWhereInput =>
  status === undefined ? {} : { runs: { some: { kind: "recording", status } } };

const Change = z
  .object({
    title: conversationTitle().optional(),
    recordedAt: RecordedAt.nullable().optional().meta({ description: "ISO 8601 with offset; null: not known" }),
  })
  .refine(({ title, recordedAt }) => title !== undefined || recordedAt !== undefined, "Say what to change.");
const Changed = z.object({
  id: z.uuid(),
  title: z.string().optional(),
  recordedAt: z.iso.datetime({ offset: true }).nullable().optional(),
});

export const recordingRoutes = [
  route({
    method: "get",
    path: "/recordings",
    summary: "List the recordings of your workspaces, the newest first",
    tag: "Recordings",
    access: "user",
    query: ListQuery,
    answers: { 200: { description: "A page of recordings", body: listOf(Recording) } },
    async handle({ deps: { prisma }, actor, query: { cursor, limit, status, workspaceId, q } }) {
      const rows = await prisma.conversation.findMany({
        where: {
          kind: "recording",
          ...readableBy(actor.userId),
          ...statusIs(status),
          ...(workspaceId === undefined ? {} : { workspaceId }),
          ...(q === undefined ? {} : holdingText(q)),
          ...(cursor === undefined ? {} : { id: { lt: cursor } }),
        },
        include: withRun,
        orderBy: { id: "desc" },
        take: limit + 1,
      });
      const { items, nextCursor } = pageOf(rows, limit);
      return { status: 200, body: { items: items.map(summaryOf), nextCursor } };
    },
  }),

  route({
    method: "get",
    path: "/recordings/:id",
    summary: "A recording with where its run stands and its newest summary",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The recording", body: RecordingDetail } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const row = await prisma.conversation.findFirst({
        where: { id, kind: "recording", ...readableBy(actor.userId) },
        include: { ...withRun, speakers: { orderBy: { label: "asc" } } },
      });
      if (row === null || row.recording === null) throw notFound();
      const analysis = await latestAnalysis(prisma, id);
      const { fileName, sizeBytes, sha256, speakerNote, speechModel } = row.recording;
      return {
        status: 200,
        body: {
          ...summaryOf(row),
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
          links: linksOf(id),
        },
      };
    },
  }),

  route({
    method: "patch",
    path: "/recordings/:id",
    summary: "Change a recording's title, or when it was recorded",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    body: Change,
    answers: { 200: { description: "What was changed", body: Changed } },
    async handle({ deps: { prisma }, deps, actor: { userId }, actor, params: { id }, body: { title, recordedAt } }) {
      await requireWriter({ deps, actor }, id);
      if (title !== undefined && !(await renameConversation(prisma, { userId, id, title }))) throw notFound();
      if (recordedAt !== undefined && !(await dateRecording(prisma, { userId, id, recordedAt }))) {
        throw notFound();
      }
      const body = {
        id,
        ...(title === undefined ? {} : { title }),
        ...(recordedAt === undefined ? {} : { recordedAt: recordedAt && isoOf(momentFrom(recordedAt)) }),
      };
      return { status: 200, body };
    },
  }),

  route({
    method: "delete",
    path: "/recordings/:id",
    summary: "Delete a recording with everything made of it, files too",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    answers: { 204: { description: "It is gone" } },
    async handle({ deps, actor, params: { id } }) {
      await requireWriter({ deps, actor }, id);
      const isDone = await deleteConversation(deps.prisma, { userId: actor.userId, id });
      if (!isDone) throw notFound();
      return { status: 204 };
    },
  }),
];
