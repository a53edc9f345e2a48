import { z } from "zod";
import { analysisFields, reassignedSegments, segmentText, speakerFields } from "#domain/inputs/conversation.ts";
import { key } from "#domain/text.ts";
import { conversationOfItem, tickActionItem } from "#records/conversations/action-items.ts";
import { correctSegment } from "#records/conversations/correct-segment.ts";
import { homeOfConversation, nameSpeaker } from "#records/conversations/conversations.ts";
import { reassignSegments } from "#records/conversations/reassign-segments.ts";
import { orderAnalysis } from "#records/runs/run-requests.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { notFound } from "../http/problem.ts";
import { requireWriter } from "./access.ts";
import { route } from "./route.ts";
import { Id, IdParams, Segment } from "./schemas.ts";

export const transcriptRoutes = [
  route({
    method: "get",
    path: "/recordings/:id/transcript",
    summary: "The transcript as far as it has come, in order of time",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The segments", body: z.object({ segments: z.array(Segment) }) } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if ((await homeOfConversation(prisma, actor.userId, id)) === null) throw notFound();
      return { status: 200, body: { segments: await segmentsOf(prisma, id) } };
    },
  }),

  route({
    method: "patch",
    path: "/conversations/:id/speakers/:label",
    summary: "Name a speaker; an empty name gives the label back",
    tag: "Conversations",
    access: "user",
    params: z.object({ id: z.string(), label: speakerFields.label }),
    body: z.object({ displayName: speakerFields.displayName }),
    answers: {
      200: { description: "The speaker", body: z.object({ label: z.string(), displayName: z.string().nullable() }) },
    },
    async handle({ deps, actor, params: { id, label }, body: { displayName } }) {
      await requireWriter({ deps, actor }, id);
      const isDone = await nameSpeaker(deps.prisma, { userId: actor.userId, id, label, displayName });
      if (!isDone) throw notFound();
      return { status: 200, body: { label, displayName: displayName === "" ? null : displayName } };
    },
  }),

  route({
    method: "patch",
    path: "/conversations/:id/segments",
    summary: "Give segments to another speaker by its label, or to one more than there are (null)",
    tag: "Conversations",
    access: "user",
    params: IdParams,
    body: z.object({ segmentIds: reassignedSegments, label: speakerFields.label.nullable() }),
    answers: {
      200: { description: "Whose they are now", body: z.object({ segmentIds: z.array(Id), label: z.string() }) },
    },
    async handle({ deps, actor, params: { id }, body: { segmentIds, label } }) {
      await requireWriter({ deps, actor }, id);
      const moved = await reassignSegments(deps.prisma, { userId: actor.userId, id, segmentIds, label });
      if (moved === null) throw notFound();
      return { status: 200, body: { segmentIds, ...moved } };
    },
  }),

  route({
    method: "patch",
    path: "/conversations/:id/segments/:segmentId",
    summary:
      "Put the words of a segment right; what was heard stays beside them, and sent again it takes the correction back",
    tag: "Conversations",
    access: "user",
    params: z.object({ id: z.string(), segmentId: z.string() }),
    body: z.object({ text: segmentText }),
    answers: {
      200: {
        description: "The segment's words",
        body: z.object({ text: z.string(), originalText: z.string().nullable() }),
      },
    },
    async handle({ deps, actor, params: { id, segmentId }, body: { text } }) {
      await requireWriter({ deps, actor }, id);
      const corrected = await correctSegment(deps.prisma, { userId: actor.userId, id, segmentId, text });
      if (corrected === null) throw notFound();
      return { status: 200, body: corrected };
    },
  }),

  route({
    method: "post",
    path: "/conversations/:id/analyses",
    summary: "Have the transcript read again, with another template, instructions or model",
    tag: "Conversations",
    access: "user",
    params: IdParams,
    body: z.object({
      template: analysisFields.template.default("general"),
      instructions: analysisFields.instructions.default(""),
      model: key(100).trim().min(1).nullable().default(null),
    }),
    answers: {
      202: { description: "It will be done", body: z.object({ runId: Id, version: z.number().int() }) },
    },
    async handle({ deps, actor, params: { id }, body }) {
      await requireWriter({ deps, actor }, id);
      const order = await orderAnalysis(deps.prisma, { userId: actor.userId, conversationId: id, ...body });
      if (order === null) throw notFound();
      return { status: 202, body: order };
    },
  }),

  route({
    method: "patch",
    path: "/action-items/:id",
    summary: "Tick an action item off, or on again",
    tag: "Conversations",
    access: "user",
    params: IdParams,
    body: z.object({ done: z.boolean() }),
    answers: { 200: { description: "The item", body: z.object({ id: Id, done: z.boolean() }) } },
    async handle({ deps, actor, params: { id }, body: { done } }) {
      const conversationId = await conversationOfItem(deps.prisma, actor.userId, id);
      if (conversationId === null) throw notFound();
      await requireWriter({ deps, actor }, conversationId);
      if (!(await tickActionItem(deps.prisma, { userId: actor.userId, id, done }))) throw notFound();
      return { status: 200, body: { id, done } };
    },
  }),
];
