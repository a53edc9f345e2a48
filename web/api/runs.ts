import { z } from "zod";
import { runKinds } from "#domain/stages.ts";
import { runStatuses } from "#domain/run.ts";
import { readableBy } from "#records/accounts/access.ts";
import { errorOf } from "#records/runs/runs.ts";
import { route } from "./route.ts";
import { cursorQuery, listOf, pageOf, Run, RunError } from "./schemas.ts";

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
    async handle({ deps: { prisma }, actor, query: { cursor, limit, status, kind } }) {
      const rows = await prisma.run.findMany({
        where: {
          ...(actor.role === "admin" ? {} : readableBy(actor.userId)),
          ...(status === undefined ? {} : { status }),
          ...(kind === undefined ? {} : { kind }),
          ...(cursor === undefined ? {} : { id: { lt: cursor } }),
        },
        orderBy: { id: "desc" },
        take: limit + 1,
      });
      const { items, nextCursor } = pageOf(rows, limit);
      return { status: 200, body: { items: items.map((run) => ({ ...run, error: errorOf(run) })), nextCursor } };
    },
  }),
];
