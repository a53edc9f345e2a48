import { z } from "zod";
import { meetingStatus } from "#records/meetings/meeting-lists.ts";
import { notFound, Problem } from "../http/problem.ts";
import { MeetingStatus, PlainError } from "./meeting-schemas.ts";
import { route } from "./route.ts";
import { IdParams, Instant } from "./schemas.ts";

const Status = z
  .object({
    status: MeetingStatus,
    error: z.string().nullable(),
    endedAt: Instant.nullable(),
    processingStartedAt: Instant.nullable(),
    transcriptCollected: z.boolean(),
  })
  .meta({ id: "MeetingState" });

/** what pages ask again and again while they wait, in the reference design's very words. */
export const meetingStatusRoute = route({
  method: "get",
  path: "/meetings/:id/status",
  summary: "Where a meeting stands, in few words",
  tag: "Meetings",
  access: "user",
  params: IdParams,
  answers: {
    200: { description: "The status", body: Status },
    404: { description: "Not there, or not yours", body: PlainError },
    500: { description: "It could not be read", body: PlainError },
  },
  refuse(error) {
    if (!(error instanceof Problem)) return { status: 500, body: { error: "Failed to get meeting status" } };
    return error.status === 404 ? { status: 404, body: { error: "Meeting not found" } } : null;
  },
  async handle({ deps: { prisma }, actor, params: { id } }) {
    const status = await meetingStatus(prisma, actor.userId, id);
    if (status === null) throw notFound();
    return { status: 200, body: status };
  },
});
