import { createHash } from "node:crypto";
import { isAboutMeeting } from "#domain/call-webhook.ts";
import { knownMeeting } from "#records/queues/inbox.ts";
import type { WebhookSource } from "./receiver.ts";
import { Refused } from "./raw-body.ts";
import { isSignedInHex } from "./signatures.ts";

/** `POST /api/webhook`, where Stream tells what happens in calls. */
export const streamSource: WebhookSource = {
  sender: "stream",
  path: "/api/webhook",
  secretsOf: ({ STREAM_API_SECRET, STREAM_API_SECRET_PREVIOUS }) => [STREAM_API_SECRET, STREAM_API_SECRET_PREVIOUS],
  notConfigured: "Stream is not set up on this server",
  // Events of calls are a few kilobytes.
  mostBytes: 1024 * 1024,
  isVerified: ({ body, header }, secrets) => isSignedInHex(body, header("x-signature"), secrets),
  // Stream's own X-WEBHOOK-ID is not signed; the body is.
  dedupeKeyOf: ({ body }) => createHash("sha256").update(body).digest("hex"),
  keptHeaders: ["x-webhook-id", "x-webhook-attempt"],
  async checkSubject(prisma, event) {
    if (!isAboutMeeting(event)) return;
    const meeting = event.subject === null ? null : await knownMeeting(prisma, event.subject.id);
    if (meeting === null) throw new Refused(404, "Meeting not found");
    if (event.type === "call.session_started" && !meeting.hasAgent) throw new Refused(404, "Agent not found");
  },
};
