import type { Request, RequestHandler, Response } from "express";
import { Problem } from "./problem.ts";

/** Largest body in bytes where a route states no cap of its own. */
export const usualBody = 100_000;

/**
 * Refuses a body larger than `maxBytes` before any handler sees it: at once where the request says its length, else,
 * in chunks, once so many bytes have come.
 */
export function capBody(maxBytes = usualBody): RequestHandler {
  return (request, _response, next) => {
    const length = Number(request.headers["content-length"] ?? 0);
    if (length > maxBytes) throw tooLarge(maxBytes);
    // What says its length is held to it by Node's parser.
    if (request.headers["transfer-encoding"] === undefined) return next();
    collect(request, maxBytes, next);
  };
}

const tooLarge = (maxBytes: number) =>
  new Problem(413, "too_large", `The request is larger than the ${Math.floor(maxBytes / 1000)} kB taken here.`);

/**
 * Reads the body and puts it back for the handlers. The pattern is that of Node's documentation for `unshift`; nothing
 * may be read once the end is known, since `end` is told only once.
 */
function collect(request: Request, maxBytes: number, next: (error?: unknown) => void) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = (error?: unknown) => {
    request.off("readable", onReadable).off("close", onClose);
    next(error);
  };
  const onReadable = () => {
    while (request.readableLength > 0) {
      const chunk = request.read() as Buffer;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) return done(tooLarge(maxBytes));
    }
    if (!request.complete) return;
    if (bytes > 0) request.unshift(Buffer.concat(chunks));
    done();
  };
  const onClose = () => done(new Problem(400, "invalid_request", "The request ended early."));
  request.on("readable", onReadable).once("close", onClose);
}

const MOST_DROPPED_BYTES = 64 * 1024 ** 2;

/**
 * Ends an answer that is given before the request has come whole. A client that is still sending looks at the answer
 * only when it is done, or finds the connection broken: so the answer goes out at once, what comes is read and dropped
 * for a while, and only then is the connection closed.
 */
export function endUnread(
  { request, response }: { request: Request; response: Response },
  text: string,
  { longestMs = 5_000, mostBytes = MOST_DROPPED_BYTES } = {},
): void {
  if (request.complete || request.destroyed) {
    response.end(text);
    return;
  }
  response.set("Content-Length", String(Buffer.byteLength(text))).write(text);
  let dropped = 0;
  const patience = setTimeout(giveUp, longestMs);
  request
    .on("data", (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > mostBytes) giveUp();
    })
    .once("end", () => response.end())
    .once("close", () => clearTimeout(patience))
    .resume();

  function giveUp() {
    response.once("finish", () => request.destroy()).end();
  }
}
