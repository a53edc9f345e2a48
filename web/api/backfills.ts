import { z } from "zod";
import { writingRoles } from "#records/accounts/access.ts";
import { backfillsOf, isBackfillOf, orderBackfill } from "#records/channels/backfills.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { runStatuses } from "#domain/run.ts";
import { NewBackfill } from "#domain/inputs/backfill.ts";
import { notFound } from "../http/problem.ts";
import { requireRole } from "./access.ts";
import { channelAsked, jobRefusals, ofJobs } from "./jobs.ts";
import { PlainError } from "./meeting-schemas.ts";
import { settled } from "./outcome.ts";
import { route } from "./route.ts";
import { Id, IdParams, Instant } from "./schemas.ts";

const Backfill = z
  .object({
    id: Id,
    since: Instant,
    status: z.enum(runStatuses),
    message: z.string(),
    totalFound: z.number().int().nullable().meta({ description: "Null until the source was read to its end" }),
    inLine: z.number().int().meta({ description: "How many it put in line" }),
    open: z.number().int().meta({ description: "Those of them at work" }),
    done: z.number().int(),
    failed: z.number().int(),
    error: z.string().nullable(),
  })
  .meta({ id: "Backfill" });

const BackfillParams = IdParams.extend({ backfillId: z.string() });
const readOnly = { 403: { description: "Your role lets you read only", body: PlainError } };

const actions = {
  retry: { ask: retryRun, summary: "Go on with a backfill that failed or was cancelled, from where it stopped" },
  cancel: { ask: cancelRun, summary: "Put no more videos of a backfill in line; what is in line goes on" },
} as const;

const actionRoute = (action: keyof typeof actions) =>
  route({
    ...ofJobs,
    method: "post",
    path: `/agents/:id/backfills/:backfillId/${action}`,
    summary: actions[action].summary,
    params: BackfillParams,
    answers: {
      ...jobRefusals,
      ...readOnly,
      202: { description: "It will be done", body: z.object({ id: Id }) },
      409: { description: "The backfill's state does not allow it", body: PlainError },
    },
    async handle(context) {
      const { deps, actor, params } = context;
      const { workspaceId, asked } = await channelAsked(context);
      const { backfillId } = params;
      if (!(await isBackfillOf(deps.prisma, asked.agentId, backfillId))) throw notFound();
      await requireRole(context, workspaceId, writingRoles);
      settled(await actions[action].ask(deps.prisma, actor.userId, backfillId));
      return { status: 202, body: { id: backfillId } };
    },
  });

export const backfillRoutes = [
  // A body that cannot be read is refused before any route is known, so that its errors are in the usual form.
  route({
    tag: "Jobs",
    access: "user",
    method: "post",
    path: "/agents/:id/backfills",
    summary: "Bring in what a channel published since a day; while one of that day is open, it is that one",
    params: IdParams,
    body: NewBackfill,
    answers: {
      202: { description: "It will be done", body: z.object({ id: Id }) },
      403: { description: "Your role lets you read only" },
      409: { description: "The channel has as many at work as it may" },
    },
    async handle(context) {
      const { deps, actor, body } = context;
      const { workspaceId, asked } = await channelAsked(context);
      await requireRole(context, workspaceId, writingRoles);
      const order = { userId: actor.userId, channelId: asked.agentId, since: body.since };
      const { id } = settled(await orderBackfill(deps.prisma, order));
      return { status: 202, body: { id } };
    },
  }),

  route({
    ...ofJobs,
    method: "get",
    path: "/agents/:id/backfills",
    summary: "A channel's backfills, newest first",
    params: IdParams,
    answers: {
      ...jobRefusals,
      200: { description: "The newest of them", body: z.object({ backfills: z.array(Backfill) }) },
    },
    async handle(context) {
      const { asked } = await channelAsked(context);
      return { status: 200, body: { backfills: await backfillsOf(context.deps.prisma, asked.agentId) } };
    },
  }),

  actionRoute("retry"),
  actionRoute("cancel"),
];
