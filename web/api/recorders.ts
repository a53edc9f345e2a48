import { z } from "zod";
import { botReasons, botStates } from "#domain/bot.ts";
import type { BotReason } from "#domain/bot.ts";
import { platforms } from "#domain/calendar/event.ts";
import { JoinInput, joinInputAt, placeOf } from "#domain/inputs/join.ts";
import { runStatuses } from "#domain/run.ts";
import { joinNow, stopRecorder } from "#records/bot-visits/requests.ts";
import { recorderOf, recordersOf } from "#records/bot-visits/views.ts";
import { botRefusal } from "../calendar/bot-refusal.ts";
import { invalidRequest } from "../http/errors.ts";
import { notFound, Problem } from "../http/problem.ts";
import { targetWorkspace } from "./access.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, IdParams, Instant, listOf } from "./schemas.ts";

const reasons = Object.keys(botReasons) as [BotReason, ...BotReason[]];

const Recorder = z
  .object({
    id: Id.meta({ description: "Also the id of the recording that it becomes" }),
    runId: Id,
    workspaceId: Id,
    title: z.string(),
    platform: z.enum(platforms),
    meetingUrl: z.string(),
    startsAt: Instant,
    endsAt: Instant.nullable().meta({ description: "By the calendar; null where the bot was sent by hand" }),
    joinAt: Instant,
    status: z.enum(runStatuses),
    message: z.string(),
    stopping: z.boolean(),
    bot: z
      .object({
        id: z.string().meta({ description: "Its provider's id" }),
        state: z.enum(botStates),
        reason: z.enum(reasons).nullable(),
        message: z.string(),
        joinedAt: Instant.nullable(),
        leftAt: Instant.nullable(),
        erasedAt: Instant.nullable().meta({ description: "When what it recorded was erased at its provider" }),
      })
      .nullable(),
    recordingId: Id.nullable(),
  })
  .meta({ id: "Recorder" });

export const recorderRoutes = [
  route({
    method: "get",
    path: "/recorders",
    summary: "Bots in meetings, sent by calendars' rules or by hand, the newest first",
    tag: "Recorders",
    access: "user",
    query: z.object({
      ...cursorQuery,
      open: z.enum(["true", "false"]).default("false").meta({ description: "Only those under way or to come" }),
    }),
    answers: { 200: { description: "A page of them", body: listOf(Recorder) } },
    async handle({ deps: { prisma }, actor, query: { cursor, limit, open } }) {
      const asked = { cursor: cursor ?? null, limit, ...(open === "true" ? { only: "open" as const } : {}) };
      return { status: 200, body: await recordersOf(prisma, actor.userId, asked) };
    },
  }),

  route({
    method: "post",
    path: "/recorders",
    summary: "Send a bot into a meeting now; where one is there, or is to come within half an hour, it is that one",
    tag: "Recorders",
    access: "user",
    body: JoinInput,
    answers: {
      202: { description: "The bot's visit", body: Recorder },
      404: { description: "There is no such workspace, or it is not yours" },
      409: { description: "No provider of bots is set up on this server, or its bots cannot join this platform" },
    },
    async handle({ deps, actor, body }) {
      const hosts = deps.env.JITSI_HOSTS;
      const checked = joinInputAt(hosts).safeParse(body);
      if (!checked.success) throw invalidRequest(checked.error);
      const place = placeOf(body.meetingUrl, hosts);
      const refused = botRefusal(deps.env, place);
      if (refused !== null)
        throw new Problem(409, refused.code, `${refused.message} Record the meeting in a browser tab.`);
      const workspaceId = await targetWorkspace({ deps, actor }, body.workspaceId);
      const { id } = await joinNow(deps.prisma, {
        userId: actor.userId,
        workspaceId,
        place,
        title: body.title || null,
        language: body.language ?? null,
        botName: body.botName || null,
      });
      return { status: 202, body: await recorderOf(deps.prisma, actor.userId, id) };
    },
  }),

  route({
    method: "get",
    path: "/recorders/:id",
    summary: "A bot's visit, and where it stands",
    tag: "Recorders",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The visit", body: Recorder } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const recorder = await recorderOf(prisma, actor.userId, id);
      if (recorder === null) throw notFound();
      return { status: 200, body: recorder };
    },
  }),

  route({
    method: "post",
    path: "/recorders/:id/stop",
    summary: "Tell a bot to leave, or not to come; what it recorded is kept, and no rule sends it again",
    tag: "Recorders",
    access: "user",
    params: IdParams,
    answers: {
      202: { description: "It was told", body: Recorder },
      403: { description: "Your role in the workspace does not allow it" },
      409: { description: "It is out of the meeting already" },
    },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const before = await recorderOf(prisma, actor.userId, id);
      if (before === null) throw notFound();
      const stopped = await stopRecorder(prisma, actor.userId, id);
      // It was there to be seen a moment ago, so it is not theirs to stop.
      settled(!stopped.ok && stopped.reason === "not_found" ? { ok: false, reason: "forbidden" } : stopped);
      return { status: 202, body: await recorderOf(prisma, actor.userId, id) };
    },
  }),
];
