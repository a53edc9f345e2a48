import { z } from "zod";
import { runStatuses } from "#domain/run.ts";
import { isoOf, momentFrom, RecordedAt } from "#domain/recorded.ts";
import { conversationTitle } from "#domain/inputs/conversation.ts";
import { searchText } from "#domain/text.ts";
import { dateRecording, renameConversation } from "#records/conversations/conversations.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { recordingDetail, recordingsOf } from "#records/conversations/recording-lists.ts";
import { notFound } from "../http/problem.ts";
import { requireWriter } from "./access.ts";
import { route } from "./route.ts";
import { cursorQuery, IdParams, linksOf, listOf, Recording, RecordingDetail } from "./schemas.ts";

const ListQuery = z.object({
  ...cursorQuery,
  status: z.enum(runStatuses).optional(),
  workspaceId: z.uuid().optional(),
  q: searchText().optional().meta({ description: "Part of a title, or of what was said" }),
});

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
    async handle({ deps: { prisma }, actor, query: { q, ...query } }) {
      return { status: 200, body: await recordingsOf(prisma, actor.userId, { ...query, text: q }) };
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
      const recording = await recordingDetail(prisma, actor.userId, id);
      if (recording === null) throw notFound();
      return { status: 200, body: { ...recording, links: linksOf(id) } };
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
