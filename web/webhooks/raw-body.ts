import { raw } from "express";
import type { RequestHandler } from "express";
import { capBody } from "../http/body-cap.ts";
import { limitTime } from "../http/request-time.ts";

const deadlineMs = 10_000;

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
