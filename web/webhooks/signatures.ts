import { isUtf8 } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { canonicalJson } from "./canonical-json.ts";

// Every way in which those who send us webhooks sign them, over the bytes as they came.

const toleranceSeconds = 5 * 60;
// Recall's have some thirty; what is longer could not be looked up.
const mostIdCharacters = 200;

/** Whether `signature` (hex) is the HMAC-SHA256 of the body under one of the secrets; the time tells nothing. */
export function isSignedInHex(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const given = Buffer.from(signature, "hex");
  return secrets.some((secret) => timingSafeEqual(createHmac("sha256", secret).update(body).digest(), given));
}

/**
 * Whether the signature is that of the time and the body, and the time within five minutes of ours. Vexa sends the secret
 * itself along, as a Bearer token: that proves nothing of the body and is not looked at.
 * Source: Vexa-ai/vexa meeting-api, `webhooks/delivery.py` (sign_payload, build_headers).
 */
export function isSignedByVexa(
  body: Buffer,
  { at, signature }: { at: string | undefined; signature: string | undefined },
  secrets: readonly string[],
): boolean {
  if (at === undefined || !/^\d{1,12}$/.test(at)) return false;
  if (Math.abs(Date.now() / 1000 - Number(at)) > toleranceSeconds) return false;
  const hex = /^sha256=(.+)$/.exec(signature ?? "")?.[1];
  return isSignedInHex(Buffer.concat([Buffer.from(`${at}.`), body]), hex, secrets);
}

/**
 * Whether the signature is that of the body's canonical form, under one of the secrets; those come in base64, as
 * Attendee shows them. It signs no time, so that a replay is known by its idempotency key alone.
 */
export function isSignedByAttendee(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return false;
  const canonical = canonicalJson(body.toString("utf8"));
  if (canonical === null) return false;
  const given = Buffer.from(signature, "base64");
  return secrets.some((secret) => {
    const expected = createHmac("sha256", Buffer.from(secret, "base64")).update(canonical).digest();
    return timingSafeEqual(expected, given);
  });
}

/**
 * What is signed beside the body. Workspaces from before Standard Webhooks send Svix's own names for the same; a mixture
 * is none. Source: docs.recall.ai `docs/authenticating-requests-from-recallai`; recallai/sample-apps
 * `verify_request_from_recall.ts`.
 */
export function signedHeaders(header: (name: string) => string | undefined) {
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
export function isSignedByStandard(body: Buffer, headers: Record<string, string>, secrets: readonly string[]): boolean {
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

const methods = ["sha1", "sha256", "sha384", "sha512"];

/** Whether a push is signed with the subscription's secret, by a method that WebSub knows; the time tells nothing. */
export function isSignedByHub(body: Buffer, header: string | undefined, secret: string | null): boolean {
  const [, method = "", hex = ""] = /^(sha\d{1,3})=([0-9a-f]{40,128})$/i.exec(header ?? "") ?? [];
  if (secret === null || !methods.includes(method.toLowerCase())) return false;
  const wanted = createHmac(method.toLowerCase(), secret).update(body).digest();
  const given = Buffer.from(hex, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
