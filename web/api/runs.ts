import { z } from "zod";
import { runKinds } from "#domain/stages.ts";
import { runStatuses } from "#domain/run.ts";
import { runsOf } from "#records/runs/find-runs.ts";
import { route } from "./route.ts";
import { cursorQuery, listOf, Run, RunError } from "./schemas.ts";

export const runRoutes = [
  route({
    method: "get",
    path: "/runs",
    summary: "Runs, the newest first: of your workspaces, or of the whole server for its administrators",
    tag: "Runs",
    access: "user",
    query: z.object({ ...cursorQuery, status: z.enum(runStatuses).optional(), kind: z.enum(runKinds).optional() }),
    answers: {
      200: {
        description: "A page of runs",
        body: listOf(Run.extend({ error: RunError.nullable() }).meta({ id: "RunRow" })),
      },
    },
    async handle({ deps: { prisma }, actor, query }) {
      return { status: 200, body: await runsOf(prisma, actor, query) };
    },
  }),
];
