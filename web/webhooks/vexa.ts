import { vexaEventId } from "#domain/vexa-webhook.ts";
import type { WebhookSource } from "./receiver.ts";
import { isSignedByVexa } from "./signatures.ts";

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
