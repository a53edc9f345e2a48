import { createHash } from "node:crypto";
import { isAboutMeeting } from "#domain/call-webhook.ts";
import { knownMeeting } from "#records/inbox.ts";
import type { Door } from "./door.ts";
import { isSigned, Refused } from "./verified-body.ts";

/** `POST /api/webhook`, where Stream tells what happens in calls. */
export const streamDoor: Door = {
  sender: "stream",
  path: "/api/webhook",
  secretsOf: ({ STREAM_API_SECRET, STREAM_API_SECRET_PREVIOUS }) => [STREAM_API_SECRET, STREAM_API_SECRET_PREVIOUS],
  shut: "Stream is not set up on this server",
  isGenuine: ({ body, header }, secrets) => isSigned(body, header("x-signature"), secrets),
  // Stream's own X-WEBHOOK-ID is not signed; the body is.
  dedupeKeyOf: ({ body }) => createHash("sha256").update(body).digest("hex"),
  keeps: ["x-webhook-id", "x-webhook-attempt"],
  async admit(prisma, told) {
    if (!isAboutMeeting(told)) return;
    const meeting = told.subject === null ? null : await knownMeeting(prisma, told.subject.id);
    if (meeting === null) throw new Refused(404, "Meeting not found");
    if (told.type === "call.session_started" && !meeting.hasAgent) throw new Refused(404, "Agent not found");
  },
};
