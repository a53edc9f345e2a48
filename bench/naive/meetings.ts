// The reference design of live meetings, ported as it stands, to be compared with. Structure, names, numbers and
// mistakes are the design's; Express, `pg` and two injected functions stand under it instead of its framework, its ORM
// and its global clients. Of its two documents, which differ in places, this follows the step-by-step guide:
// - a start is refused with 404 for `active` meetings too (`startsWhenActive` gives the other document's guard);
// - the meeting is made `active` before its agent is looked up;
// - the meeting's prompt is logged.
// What it leaves out (`generateMeetingAnalysis`, `findNextSession`, the application's own tables, the final answer of
// the webhook route) is filled in as plainly as possible.
import express from "express";
import type { Complete } from "./meetings/analysis.ts";
import { createTranscriptCollector } from "./meetings/collector.ts";
import { createProcessing } from "./meetings/processing.ts";
import { createRetry, delay } from "./meetings/retry.ts";
import type { Log, Wait } from "./meetings/retry.ts";
import type { NaiveDatabase } from "./meetings/schema.ts";
import { createWebhook } from "./meetings/webhook.ts";
import type { ConnectAgent } from "./meetings/webhook.ts";

export interface NaiveMeetingsOptions {
  pool: NaiveDatabase;
  connectAgent: ConnectAgent;
  complete: Complete;
  log: Log;
  startsWhenActive?: boolean;
  /** Between two attempts of `withRetry`. */
  wait?: Wait;
}

/** One process of the reference design: what is a global there (the collector's counters) is held by this instance. */
export function createNaiveMeetings(options: NaiveMeetingsOptions) {
  const { pool: db, connectAgent, complete, log, startsWhenActive = false, wait = delay } = options;
  const collector = createTranscriptCollector(db, log);
  const withRetry = createRetry({ log, wait });
  const processImmediately = createProcessing({ db, collector, complete, withRetry, log });

  const app = express();
  app.disable("x-powered-by");
  app.post(
    "/api/webhook",
    express.json({ limit: "5mb" }),
    createWebhook({ db, collector, connectAgent, processImmediately, startsWhenActive, log }),
  );
  app.get("/api/meetings/:id/status", async (request, response) => {
    try {
      const { rows } = await db.query(
        `SELECT status, error, ended_at AS "endedAt", processing_started_at AS "processingStartedAt",
                transcript_collected AS "transcriptCollected" FROM meetings WHERE id = $1`,
        [request.params.id],
      );
      if (!rows[0]) return void response.status(404).json({ error: "Meeting not found" });
      response.json(rows[0]);
    } catch (error) {
      log("Failed to get meeting status", error);
      response.status(500).json({ error: "Failed to get meeting status" });
    }
  });
  app.use(answerError(log));
  return { app, collector, processImmediately, withRetry };
}
export type NaiveMeetings = ReturnType<typeof createNaiveMeetings>;

// As the framework of the reference design does it: an error that a route throws is a bare 500.
function answerError(log: Log): express.ErrorRequestHandler {
  return (error, _request, response, next) => {
    log("Unhandled error in a route", error);
    if (response.headersSent) return next(error);
    response.status(500).end();
  };
}
