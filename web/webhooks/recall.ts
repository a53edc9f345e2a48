import { isUtf8 } from "node:buffer";
import { Webhook } from "standardwebhooks";
import type { WebhookSource } from "./receiver.ts";

// Theirs have some thirty; what is longer could not be looked up.
const mostIdCharacters = 200;

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

/**
 * What is signed beside the body. Workspaces from before Standard Webhooks send Svix's own names for the same; a mixture
 * is none. Source: docs.recall.ai `docs/authenticating-requests-from-recallai`; recallai/sample-apps
 * `verify_request_from_recall.ts`.
 */
function signedHeaders(header: (name: string) => string | undefined) {
  const family = header("webhook-id") === undefined ? "svix" : "webhook";
  return {
    "webhook-id": header(`${family}-id`) ?? "",
    "webhook-timestamp": header(`${family}-timestamp`) ?? "",
    "webhook-signature": header(`${family}-signature`) ?? "",
  };
}

/**
 * Whether one of the signatures fits, and the signed time is within five minutes of ours. The library signs a text, which
 * stands for these very bytes only where they are UTF-8.
 */
function isSignedByStandard(body: Buffer, headers: Record<string, string>, secrets: readonly string[]): boolean {
  const id = headers["webhook-id"] ?? "";
  if (!isUtf8(body) || id.length > mostIdCharacters) return false;
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });
}
