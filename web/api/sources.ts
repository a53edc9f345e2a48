import { z } from "zod";
import { sourceKinds } from "#domain/channels/source.ts";
import { openSource } from "#records/channels/open-source.ts";
import { conflict } from "../http/problem.ts";
import { route } from "./route.ts";

export const sourceRoutes = [
  route({
    method: "post",
    path: "/sources/:source/open",
    summary:
      "Have a source tried again now that refuses all channels for a while: jobs that wait for it go on, in order. When it refuses again, it is left alone for twice as long as the last time",
    tag: "Channels",
    access: "admin",
    params: z.object({ source: z.enum(sourceKinds) }),
    answers: {
      202: { description: "Its jobs go on" },
      409: { description: "It refuses nobody: nothing waits for it" },
    },
    async handle({ deps: { prisma }, actor, params: { source } }) {
      if (!(await openSource(prisma, { source, actorId: actor.userId }))) {
        throw conflict("This source is open: nothing waits for it.");
      }
      return { status: 202 };
    },
  }),
];
