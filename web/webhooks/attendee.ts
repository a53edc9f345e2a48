import { createHmac, timingSafeEqual } from "node:crypto";
import { attendeeIdempotencyKey } from "#domain/attendee-webhook.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { WebhookSource } from "./receiver.ts";

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

/**
 * Whether the signature is that of the body's canonical form, under one of the secrets; those come in base64, as
 * Attendee shows them. It signs no time, so that a replay is known by its idempotency key alone.
 */
function isSignedByAttendee(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return false;
  const canonical = canonicalJson(body.toString("utf8"));
  if (canonical === null) return false;
  const given = Buffer.from(signature, "base64");
  return secrets.some((secret) => {
    const expected = createHmac("sha256", Buffer.from(secret, "base64")).update(canonical).digest();
    return timingSafeEqual(expected, given);
  });
}
