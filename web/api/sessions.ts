import { z } from "zod";
import { runStatuses } from "#domain/run.ts";
import { sessionsOf } from "#records/meetings/sessions.ts";
import { route } from "./route.ts";
import { cursorQuery, Id, Instant, listOf } from "./schemas.ts";

const Session = z
  .object({
    id: Id.meta({ description: "Of the recording or the meeting, as `kind` says" }),
    kind: z.enum(["recording", "meeting"]),
    title: z.string(),
    status: z.enum(runStatuses),
    workspaceId: Id,
    createdAt: Instant,
    autoCreated: z.boolean().meta({ description: "Whether a calendar's event made it, with nobody's doing" }),
  })
  .meta({ id: "Session" });

/** B-34: every conversation, and whether it was made automatically. */
export const sessionRoute = route({
  method: "get",
  path: "/sessions",
  summary: "List the conversations of your workspaces, recordings and meetings alike, the newest first",
  tag: "Recorders",
  access: "user",
  query: z.object(cursorQuery),
  answers: { 200: { description: "A page of them", body: listOf(Session) } },
  async handle({ deps: { prisma }, actor, query: { cursor, limit } }) {
    return { status: 200, body: await sessionsOf(prisma, actor.userId, { cursor: cursor ?? null, limit }) };
  },
});
