import { attendeeIdempotencyKey } from "#domain/attendee-webhook.ts";
import type { WebhookSource } from "./receiver.ts";
import { isSignedByAttendee } from "./signatures.ts";

/** `POST /api/webhook/attendee`, where Attendee tells how its bots fare. */
export const attendeeSource: WebhookSource = {
  sender: "attendee",
  path: "/api/webhook/attendee",
  secretsOf: ({ ATTENDEE_WEBHOOK_SECRET }) => [ATTENDEE_WEBHOOK_SECRET],
  notConfigured: "Attendee's webhooks are not set up on this server",
  // Changes of a bot's state have one kilobyte; what is said in a meeting has some dozens, and nobody waits for that.
  mostBytes: 128 * 1024,
  isVerified: ({ body, header }, secrets) => isSignedByAttendee(body, header("x-webhook-signature"), secrets),
  // Signed with the body, and the same for each try of one delivery.
  dedupeKeyOf: ({ body }) => attendeeIdempotencyKey(JSON.parse(body.toString("utf8"))),
  keptHeaders: [],
  // Whose bot it is, is known from what Attendee repeats of ours; a recorder that is gone is noticed by the dispatcher.
  async checkSubject() {},
};
