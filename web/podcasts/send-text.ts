import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Request, Response } from "express";
import { isUnchanged } from "./conditional.ts";

interface Whole {
  etag: string;
  whole: Buffer;
  packed: Buffer;
  modifiedAt: Date;
  type: string;
}

/** Sends a text that apps ask for again and again: packed where they can read that, or that it did not change. */
export function sendText(
  { request, response }: { request: Request; response: Response },
  sent: Whole | { text: string; type: string },
): void {
  const whole = "whole" in sent ? sent.whole : Buffer.from(sent.text);
  const etag = "etag" in sent ? sent.etag : weakTag(whole);
  response.set({ ETag: etag, Vary: "Accept-Encoding" });
  const modifiedAt = "modifiedAt" in sent ? sent.modifiedAt.toUTCString() : null;
  if (modifiedAt !== null) response.set("Last-Modified", modifiedAt);
  if (isUnchanged(request.headers, { etag, modifiedAt })) return void response.status(304).end();
  const isPacked = request.acceptsEncodings("gzip", "identity") === "gzip";
  const body = !isPacked ? whole : "packed" in sent ? sent.packed : gzipSync(whole);
  if (isPacked) response.set("Content-Encoding", "gzip");
  response.set({ "Content-Type": sent.type, "Content-Length": String(body.length) });
  response.end(body);
}

/** Weak: the same text is sent packed, too. */
export const weakTag = (bytes: Buffer): string => `W/"${createHash("sha256").update(bytes).digest("base64url")}"`;
