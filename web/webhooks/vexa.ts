import { vexaEventId } from "#domain/vexa-webhook.ts";
import type { WebhookSource } from "./receiver.ts";
import { isSigned } from "./signature.ts";

const toleranceSeconds = 5 * 60;

/** `POST /api/webhook/vexa`, where Vexa tells how its bots fare. */
export const vexaSource: WebhookSource = {
  sender: "vexa",
  path: "/api/webhook/vexa",
  secretsOf: ({ VEXA_WEBHOOK_SECRET }) => [VEXA_WEBHOOK_SECRET],
  notConfigured: "Vexa's webhooks are not set up on this server",
  // The meeting comes with all that Vexa keeps of it, such as who spoke when.
  mostBytes: 1024 * 1024,
  isVerified: ({ body, header }, secrets) =>
    isSignedByVexa(body, { at: header("x-webhook-timestamp"), signature: header("x-webhook-signature") }, secrets),
  // Signed with the body, and the same for each try of one event.
  dedupeKeyOf: ({ body }) => vexaEventId(JSON.parse(body.toString("utf8"))),
  keptHeaders: [],
  // Whose bot it is, is known from its plan's title; a recorder that is gone is noticed by the dispatcher.
  async checkSubject() {},
};

/**
 * Whether the signature is that of the time and the body, and the time within five minutes of ours. Vexa sends the secret
 * itself along, as a Bearer token: that proves nothing of the body and is not looked at.
 * Source: Vexa-ai/vexa meeting-api, `webhooks/delivery.py` (sign_payload, build_headers).
 */
function isSignedByVexa(
  body: Buffer,
  { at, signature }: { at: string | undefined; signature: string | undefined },
  secrets: readonly string[],
): boolean {
  if (at === undefined || !/^\d{1,12}$/.test(at)) return false;
  if (Math.abs(Date.now() / 1000 - Number(at)) > toleranceSeconds) return false;
  const hex = /^sha256=(.+)$/.exec(signature ?? "")?.[1];
  return isSigned(Buffer.concat([Buffer.from(`${at}.`), body]), hex, secrets);
}
