import { z } from "zod";
import { writingRoles } from "#records/accounts/access.ts";
import { channelOf } from "#records/channels/channels.ts";
import { getActiveJobs, getAgentStats, getJobDetails, getJobsByAgentId } from "#records/channels/jobs.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { conflict, notFound, Problem } from "../http/problem.ts";
import { requireRole } from "./access.ts";
import { Job, JobDetail, Stats } from "./channel-schemas.ts";
import { PlainError } from "./meeting-schemas.ts";
import { route } from "./route.ts";
import type { Reply, RouteContext } from "./route.ts";
import { IdParams } from "./schemas.ts";

/*
 * The reference design's own routes and bodies. What it calls an agent is a channel here; an agent of meetings has no
 * jobs and is "not found".
 */

const JobParams = IdParams.extend({ jobId: z.string() });
export const ofJobs = { tag: "Jobs", access: "user", refuse: plainError } as const;
export const jobRefusals = {
  400: { description: "The query is wrong", body: PlainError },
  401: { description: "Nobody is signed in", body: PlainError },
  404: { description: "Not there, or not yours", body: PlainError },
  429: { description: "Too many requests", body: PlainError },
  500: { description: "It could not be read", body: PlainError },
};

/** Errors as the reference design has them: `{error}`. */
function plainError(error: unknown): Reply {
  if (!(error instanceof Problem)) return { status: 500, body: { error: "Failed to read the jobs" } };
  return { status: error.status, body: { error: error.message }, headers: error.headers };
}

type Asked<Params extends { id: string }> = Pick<RouteContext<Params, unknown, unknown>, "deps" | "actor" | "params">;

/** Whose jobs they are; refuses who may not see the channel. */
export async function channelAsked<Params extends { id: string }>({ deps: { prisma }, actor, params }: Asked<Params>) {
  const channel = await channelOf(prisma, actor.userId, params.id);
  if (channel === null) throw notFound();
  return { workspaceId: channel.workspaceId, asked: { userId: actor.userId, agentId: params.id } };
}

const actions = {
  retry: { ask: retryRun, summary: "Start a failed or cancelled job again, from the stage that failed" },
  cancel: { ask: cancelRun, summary: "Stop a job" },
} as const;

const actionRoute = (action: keyof typeof actions) =>
  route({
    ...ofJobs,
    method: "post",
    path: `/agents/:id/jobs/:jobId/${action}`,
    summary: actions[action].summary,
    params: JobParams,
    answers: {
      ...jobRefusals,
      202: { description: "It will be done", body: Job },
      403: { description: "Your role lets you read only", body: PlainError },
      409: { description: "The job's state does not allow it", body: PlainError },
    },
    async handle(context) {
      const { deps, actor, params } = context;
      const { workspaceId, asked } = await channelAsked(context);
      if ((await getJobDetails(deps.prisma, asked, params.jobId)) === null) throw notFound();
      await requireRole(context, workspaceId, writingRoles);
      const answer = await actions[action].ask(deps.prisma, actor.userId, params.jobId);
      if (!answer.ok) throw answer.reason === "not_found" ? notFound() : conflict(answer.message);
      const body = await getJobDetails(deps.prisma, asked, params.jobId);
      if (body === null) throw notFound();
      return { status: 202, body };
    },
  });

export const jobRoutes = [
  route({
    ...ofJobs,
    method: "get",
    path: "/agents/:id/jobs",
    summary: "A channel's jobs, newest first",
    params: IdParams,
    query: z.object({
      page: z.coerce.number().int().min(1).max(1_000_000).default(1),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    answers: {
      ...jobRefusals,
      200: {
        description: "A page of them",
        body: z.object({
          jobs: z.array(Job),
          total: z.number().int(),
          page: z.number().int(),
          totalPages: z.number().int(),
        }),
      },
    },
    async handle(context) {
      const { asked } = await channelAsked(context);
      const { page, limit } = context.query;
      return { status: 200, body: await getJobsByAgentId(context.deps.prisma, asked, page, limit) };
    },
  }),

  // Before the route of one job, whose path it would be too.
  route({
    ...ofJobs,
    method: "get",
    path: "/agents/:id/jobs/active",
    summary: "A channel's jobs that are pending or processing, oldest first",
    params: IdParams,
    answers: { ...jobRefusals, 200: { description: "All of them", body: z.object({ jobs: z.array(Job) }) } },
    async handle(context) {
      const { asked } = await channelAsked(context);
      return { status: 200, body: { jobs: await getActiveJobs(context.deps.prisma, asked) } };
    },
  }),

  route({
    ...ofJobs,
    method: "get",
    path: "/agents/:id/jobs/:jobId",
    summary: "A job, with its video and its episode",
    params: JobParams,
    answers: { ...jobRefusals, 200: { description: "The job", body: JobDetail } },
    async handle(context) {
      const { asked } = await channelAsked(context);
      const job = await getJobDetails(context.deps.prisma, asked, context.params.jobId);
      if (job === null) throw notFound();
      return { status: 200, body: job };
    },
  }),

  route({
    ...ofJobs,
    method: "get",
    path: "/agents/:id/stats",
    summary: "What a channel has come to, in numbers",
    params: IdParams,
    answers: { ...jobRefusals, 200: { description: "The numbers", body: Stats } },
    async handle(context) {
      const { asked } = await channelAsked(context);
      return { status: 200, body: await getAgentStats(context.deps.prisma, asked) };
    },
  }),

  actionRoute("retry"),
  actionRoute("cancel"),
];
