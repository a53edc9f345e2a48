import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether `signature` (hex) is the HMAC-SHA256 of the body under one of the secrets; the time tells nothing. */
export function isSigned(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const given = Buffer.from(signature, "hex");
  return secrets.some((secret) => timingSafeEqual(createHmac("sha256", secret).update(body).digest(), given));
}
