import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { raw } from "express";
import type { RequestHandler } from "express";
import { capBody } from "../http/body-cap.ts";
import { limitTime } from "../http/request-time.ts";

const deadlineMs = 10_000;
const gunzipLater = promisify(gunzip);

/** Reads a delivery's bytes as they came, which is what senders sign: `request.body` is a Buffer, or nothing was sent. */
export const rawBody = (mostBytes: number): RequestHandler[] => [
  (request, response, next) => {
    limitTime(request, response, deadlineMs, { error: "Body too slow" });
    next();
  },
  // `raw` would refuse a coding that it is not to undo.
  (request, _response, next) => {
    delete request.headers["content-encoding"];
    next();
  },
  capBody(mostBytes),
  raw({ type: () => true, inflate: false, limit: mostBytes }),
];

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
