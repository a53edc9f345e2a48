import { z } from "zod";
import { AgainDetails } from "#domain/inputs/recording.ts";
import { writingRoles } from "#records/accounts/access.ts";
import { runOf, runOfConversation } from "#records/runs/find-runs.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { orderTranscription } from "#records/runs/transcribe-again.ts";
import { notFound } from "../http/problem.ts";
import { requireRole } from "./access.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import type { RouteContext } from "./route.ts";
import { Id, IdParams } from "./schemas.ts";

export const RunAnswer = z
  .object({ id: Id, runId: Id, status: z.string(), stage: z.string(), attempt: z.number().int() })
  .meta({ id: "RunAnswer" });

const actions = {
  retry: { ask: retryRun, summary: "Start a failed or cancelled run again, from the stage that failed" },
  cancel: { ask: cancelRun, summary: "Stop a run" },
} as const;

type Action = keyof typeof actions;
type Asked = RouteContext<{ id: string }, unknown, unknown>;

function actionRoute(subject: "recordings" | "runs", action: Action, find: typeof runOfRecording) {
  return route({
    method: "post",
    path: `/${subject}/:id/${action}`,
    summary: actions[action].summary,
    tag: subject === "runs" ? "Runs" : "Recordings",
    access: "user",
    params: IdParams,
    answers: {
      202: { description: "It will be done", body: RunAnswer },
      409: { description: "The run's state does not allow it" },
    },
    async handle(asked) {
      const { id, runId, workspaceId } = await find(asked);
      await requireRole(asked, workspaceId, writingRoles);
      const { state } = settled(await actions[action].ask(asked.deps.prisma, asked.actor.userId, runId));
      return { status: 202, body: { id, runId, ...state } };
    },
  });
}

async function runOfRecording({ deps: { prisma }, actor, params: { id } }: Asked) {
  const run = await runOfConversation(prisma, actor.userId, { id, kind: "recording" });
  if (run === null) throw notFound();
  return { id, runId: run.id, workspaceId: run.workspaceId };
}

async function runItself({ deps: { prisma }, actor, params: { id } }: Asked) {
  const run = await runOf(prisma, actor.userId, id);
  if (run === null) throw notFound();
  return { id: run.conversationId ?? run.id, runId: run.id, workspaceId: run.workspaceId };
}

const transcribeAgain = route({
  method: "post",
  path: "/recordings/:id/transcribe",
  summary: "Transcribe a recording again, in another language or with another number of speakers",
  tag: "Recordings",
  access: "user",
  params: IdParams,
  body: AgainDetails,
  answers: {
    202: {
      description: "It will be done; the transcript that is there stays until the new one is whole",
      body: RunAnswer,
    },
    409: { description: "It is being worked on, or has no sound yet" },
  },
  async handle(asked) {
    const { params, body, ...who } = asked;
    const { id, runId, workspaceId } = await runOfRecording({ ...who, params, body });
    await requireRole(asked, workspaceId, writingRoles);
    const order = { userId: asked.actor.userId, conversationId: id, ...body };
    const { status, stage, attempt } = settled(await orderTranscription(asked.deps.prisma, order)).state;
    return { status: 202, body: { id, runId, status, stage, attempt } };
  },
});

export const runActionRoutes = [
  transcribeAgain,
  actionRoute("recordings", "retry", runOfRecording),
  actionRoute("recordings", "cancel", runOfRecording),
  actionRoute("runs", "retry", runItself),
  actionRoute("runs", "cancel", runItself),
];
