import type { WebhookSource } from "./receiver.ts";
import { isSignedByStandard, signedHeaders } from "./signatures.ts";

/** `POST /api/webhook/recall`, where Recall.ai tells how its bots fare. */
export const recallSource: WebhookSource = {
  sender: "recall",
  path: "/api/webhook/recall",
  secretsOf: ({ RECALL_WEBHOOK_SECRET }) => [RECALL_WEBHOOK_SECRET],
  notConfigured: "Recall.ai's webhooks are not set up on this server",
  // Changes of a bot's state have one kilobyte.
  mostBytes: 128 * 1024,
  isVerified: ({ body, header }, secrets) => isSignedByStandard(body, signedHeaders(header), secrets),
  // Signed with the body, and the same for each try of one delivery.
  dedupeKeyOf: ({ header }) => signedHeaders(header)["webhook-id"],
  keptHeaders: ["webhook-id", "svix-id"],
  // Whose bot it is, is known from what Recall repeats of ours; a recorder that is gone is noticed by the dispatcher.
  async checkSubject() {},
};
