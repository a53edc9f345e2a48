import { createHmac, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const gunzipLater = promisify(gunzip);

/** Why a delivery is refused before anything of it is read. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/**
 * The bytes that the sender signed, inflated where they came compressed. The cap holds while inflating: a bomb is
 * refused before it has grown. Sources: RFC 1952 (magic 1f 8b); Stream signs the uncompressed body.
 */
export async function inflate(raw: Buffer, mostBytes: number): Promise<Buffer> {
  if (raw[0] !== 0x1f || raw[1] !== 0x8b) return raw;
  try {
    return await gunzipLater(raw, { maxOutputLength: mostBytes });
  } catch (error) {
    const isBomb = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isBomb ? new Refused(413, "Body too large") : new Refused(400, "Invalid body");
  }
}

/** Whether `signature` (hex) is the HMAC-SHA256 of the body under one of the secrets; the time tells nothing. */
export function isSigned(body: Buffer, signature: string | undefined, secrets: readonly string[]): boolean {
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const given = Buffer.from(signature, "hex");
  return secrets.some((secret) => timingSafeEqual(createHmac("sha256", secret).update(body).digest(), given));
}
