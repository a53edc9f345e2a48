import { z } from "zod";
import { callAgentAgain, hasNotGivenUp } from "#records/meetings/agent-again.ts";
import { retryNextSession } from "#records/meetings/meeting-edits.ts";
import { leaveMeeting } from "#records/meetings/call-end.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { conflict, forbidden, notFound } from "../http/problem.ts";
import { isHostOf } from "../pages/meetings/meeting-data.ts";
import { requireMeeting } from "./meeting-access.ts";
import { settled } from "./outcome.ts";
import { MeetingLinks, meetingLinks } from "./meeting-schemas.ts";
import { RunAnswer } from "./recording-run.ts";
import { route } from "./route.ts";
import { Id, IdParams } from "./schemas.ts";

const refusedByState = { description: "The meeting's state does not allow it" };

const asks = {
  retry: { ask: retryRun, summary: "Start a failed or cancelled meeting again, from the stage that failed" },
  cancel: { ask: cancelRun, summary: "Cancel a meeting; what was said so far stays" },
} as const;

const runAction = (action: keyof typeof asks) =>
  route({
    method: "post",
    path: `/meetings/:id/${action}`,
    summary: asks[action].summary,
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: { 202: { description: "It will be done", body: RunAnswer }, 409: refusedByState },
    async handle(asked) {
      const { deps, actor, params } = asked;
      const { runId } = await requireMeeting(asked);
      const { state } = settled(await asks[action].ask(deps.prisma, actor.userId, runId));
      return { status: 202, body: { id: params.id, runId, ...state } };
    },
  });

export const meetingActionRoutes = [
  runAction("retry"),
  runAction("cancel"),

  route({
    method: "post",
    path: "/meetings/:id/leave",
    summary: "Leave a call; processing starts at once if you are the last person in it, or end it for all",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    body: z.object({
      last: z.boolean().default(false).meta({
        description:
          "Nobody but the agent is left in the call; others who are known to be in it count more than this word",
      }),
      endForAll: z.boolean().default(false).meta({
        description: "End it for everybody: for who made the meeting, and for the workspace's owner and administrators",
      }),
    }),
    answers: { 202: { description: "You have left" } },
    async handle(asked) {
      const { deps, actor, params, body } = asked;
      const meeting = await requireMeeting(asked);
      if (body.endForAll && !(await isHostOf(deps.prisma, actor.userId, meeting)))
        throw forbidden("Only who made the meeting, and who runs the workspace, may end it for everybody.");
      const isOver = body.last || body.endForAll;
      const left = { userId: actor.userId, id: params.id, endForAll: body.endForAll };
      if (isOver && !(await leaveMeeting(deps.prisma, left))) throw notFound();
      return { status: 202 };
    },
  }),

  route({
    method: "post",
    path: "/meetings/:id/call-agent",
    summary: "Have an agent that gave up try again to get into the call",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: { 202: { description: "It is called" }, 409: refusedByState },
    async handle(asked) {
      const { deps, actor, params } = asked;
      await requireMeeting(asked);
      const isCalled = await callAgentAgain(deps.prisma, { userId: actor.userId, id: params.id });
      if (isCalled === null) throw notFound();
      if (!isCalled) throw conflict(hasNotGivenUp);
      return { status: 202 };
    },
  }),

  route({
    method: "post",
    path: "/meetings/:id/next-session",
    summary: "Try again to create the meeting for the plan's next session, after that has failed",
    tag: "Meetings",
    access: "user",
    params: IdParams,
    answers: {
      200: {
        description: "The next meeting; the same one however often this is asked",
        body: z.object({ id: Id, created: z.boolean(), links: MeetingLinks }),
      },
      409: refusedByState,
    },
    async handle(asked) {
      const { deps, actor, params } = asked;
      await requireMeeting(asked);
      const { id, created } = settled(await retryNextSession(deps.prisma, { userId: actor.userId, id: params.id }));
      return { status: 200, body: { id, created, links: meetingLinks(id) } };
    },
  }),
];
