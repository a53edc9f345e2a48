import cors from "cors";
import type { RequestHandler } from "express";
import { frontEndOrigins } from "./origin.ts";

/** Lets the pages of a front end of one's own read what the API answers, with the cookies of who uses it (D-3). */
export const allowFrontEnd = (frontEnd: string | undefined): RequestHandler =>
  cors({
    origin: frontEndOrigins(frontEnd),
    credentials: true,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    maxAge: 600,
    // The API answers OPTIONS by itself, with what an address takes.
    preflightContinue: true,
  });
