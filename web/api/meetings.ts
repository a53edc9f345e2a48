import { z } from "zod";
import { meetingFields } from "#domain/inputs/meeting.ts";
import { searchText, title } from "#domain/text.ts";
import { writingRoles } from "#records/accounts/access.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { workspaceOfAgent } from "#records/meetings/agents.ts";
import { meetingDetail } from "#records/meetings/meeting-detail.ts";
import { editMeeting, problemWithTime } from "#records/meetings/meeting-edits.ts";
import { listMeetings, meetingRowOf } from "#records/meetings/meeting-lists.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { callProvider } from "../calls/call-provider.ts";
import { notFound } from "../http/problem.ts";
import { requireRole } from "./access.ts";
import { requireMeeting } from "./meeting-access.ts";
import { problemOf, settled } from "./outcome.ts";
import type { MeetingRequest } from "./meeting-access.ts";
import { Meeting, MeetingDetail, MeetingLinks, meetingLinks, MeetingStatus } from "./meeting-schemas.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, IdParams, listOf, Segment } from "./schemas.ts";

const When = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullable();
const { name, agentId, prompt, durationMinutes } = meetingFields;

async function detailOf({ deps: { prisma }, actor, params: { id } }: MeetingRequest) {
  const meeting = await meetingDetail(prisma, actor.userId, id);
  if (meeting === null) throw notFound();
  return { ...meeting, links: meetingLinks(id) };
}

export const meetingRoutes = [
  route({
    method: "get",
    path: "/meetings",
    summary: "The meetings of your workspaces, the newest first; those to come by their time",
    tag: "Meetings",
    access: "user",
    query: z.object({
      ...cursorQuery,
      status: MeetingStatus.optional(),
      agentId: z.uuid().optional(),
      workspaceId: z.uuid().optional(),
      q: searchText().optional().meta({ description: "Part of a name, or of what was said" }),
    }),
    answers: { 200: { description: "A page of meetings", body: listOf(Meeting) } },
    async handle({ deps: { prisma }, actor, query: { q, status, cursor, ...query } }) {
      const asked = { ...query, status: status ?? null, text: q || null, cursor: cursor ?? null };
      return { status: 200, body: await listMeetings(prisma, actor.userId, asked) };
    },
  }),

  route({
    method: "post",
    path: "/meetings",
    summary: "Make a meeting with an agent, for now or for later",
    tag: "Meetings",
    access: "user",
    body: z.object({
      name,
      agentId,
      prompt: prompt.default("").meta({ description: "What the agent is told in this meeting besides" }),
      scheduledAt: When.default(null),
      durationMinutes: durationMinutes.default(30),
      workspaceId: z.uuid().optional().meta({ description: "The agent's own, where not given" }),
      sessionName: title()
        .nullable()
        .optional()
        .meta({ description: "Which session of the plan; null: none. Left out, the next one that you have not done" }),
    }),
    answers: {
      409: { description: "The agent's plan has no such session" },
      404: { description: "There is no such agent, or it is not yours" },
      202: {
        description: "It is made and its workflow will start, also while Temporal is down",
        body: z.object({ id: Id, status: z.literal("upcoming"), links: MeetingLinks }).meta({ id: "MeetingMade" }),
      },
    },
    async handle({ deps, actor, body: { workspaceId, ...order } }) {
      const home = await workspaceOfAgent(deps.prisma, actor.userId, order.agentId);
      if (home === null || (workspaceId ?? home) !== home) throw problemOf({ reason: "agent_not_found" });
      await requireRole({ deps, actor }, home, writingRoles);
      const message = problemWithTime(order.scheduledAt);
      if (message !== null) throw problemOf({ reason: "time", message });
      const provider = callProvider(deps.env);
      const made = await createMeeting(deps.prisma, { ...order, provider, workspaceId: home, userId: actor.userId });
      const { id } = settled(made);
      return { status: 202, body: { id, status: "upcoming", links: meetingLinks(id) } };
    },
  }),

  route({
    method: "get",
    path: "/meetings/:id",
    summary: "A meeting with where its run stands, its plan's progress and its newest summary",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The meeting", body: MeetingDetail } },
    async handle(asked) {
      return { status: 200, body: await detailOf(asked) };
    },
  }),

  route({
    method: "patch",
    path: "/meetings/:id",
    summary: "Change a meeting; once its call has begun, its name only",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    body: z.object({
      name: name.optional(),
      prompt: prompt.optional(),
      agentId: agentId.optional(),
      scheduledAt: When.optional(),
      durationMinutes: durationMinutes.optional(),
    }),
    answers: {
      200: { description: "The meeting", body: MeetingDetail },
      409: { description: "Its call has begun" },
    },
    async handle(asked) {
      const { deps, actor, params, body } = asked;
      await requireMeeting(asked);
      settled(await editMeeting(deps.prisma, { userId: actor.userId, id: params.id, edit: body }));
      return { status: 200, body: await detailOf(asked) };
    },
  }),

  route({
    method: "delete",
    path: "/meetings/:id",
    summary: "Delete a meeting with all that was said and made of it",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: { 204: { description: "It is gone" } },
    async handle(asked) {
      const { deps, actor, params } = asked;
      await requireMeeting(asked);
      if (!(await deleteConversation(deps.prisma, { userId: actor.userId, id: params.id }))) throw notFound();
      return { status: 204 };
    },
  }),

  route({
    method: "get",
    path: "/meetings/:id/transcript",
    summary: "What was said as far as it has come, in order of time",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The segments", body: z.object({ segments: z.array(Segment) }) } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if ((await meetingRowOf(prisma, actor.userId, id)) === null) throw notFound();
      return { status: 200, body: { segments: await segmentsOf(prisma, id) } };
    },
  }),
];
