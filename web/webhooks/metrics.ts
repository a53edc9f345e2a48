import type { RequestHandler } from "express";
import { Histogram } from "prom-client";
import type { Registry } from "prom-client";

/** Why the door refuses, by the status it answers; our own failures are `failed`, not refusals. */
const reasons: Record<number, string> = {
  400: "body",
  401: "signature",
  404: "unknown",
  408: "slow",
  413: "size",
};

/**
 * Times every delivery from its arrival to the end of its answer, by what became of it: `stored`, `duplicate`,
 * `refused` with a reason, `failed`, or `cut` by a sender that did not wait. A handler that kept one says by
 * `response.locals.isNew` whether it was new.
 */
export function measureDeliveries(registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: "convene_webhook_seconds",
    help: "Seconds from a webhook's arrival to the end of its answer, by outcome and reason of refusal",
    labelNames: ["outcome", "reason"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15],
    registers: [registry],
  });
  for (const outcome of ["stored", "duplicate", "failed", "cut"]) seconds.zero({ outcome, reason: "" });
  for (const reason of Object.values(reasons)) seconds.zero({ outcome: "refused", reason });
  return (_request, response, next) => {
    const stop = seconds.startTimer();
    response.once("close", () => {
      const reason = reasons[response.statusCode] ?? "";
      const { isNew } = response.locals;
      if (!response.writableFinished) stop({ outcome: "cut", reason: "" });
      else if (isNew !== undefined) stop({ outcome: isNew ? "stored" : "duplicate", reason: "" });
      else stop({ outcome: reason === "" ? "failed" : "refused", reason });
    });
    next();
  };
}
