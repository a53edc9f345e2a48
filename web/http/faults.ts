import type { Logger } from "pino";
import type { Lifecycle } from "./health.ts";
import { currentRequest } from "./current-request.ts";

/**
 * What becomes of an error that nothing caught. It is logged, and the process, whose state is in doubt from then on,
 * is replaced in order: but only once it has lived for `minimumLifeMs`, so that whoever can bring such errors about
 * can't keep the site down. Until then it serves on, and `/healthz` says so.
 */
export function replaceAfterFault({
  log,
  lifecycle,
  replace,
  minimumLifeMs = 60_000,
}: {
  log: Logger;
  lifecycle: Lifecycle;
  /** Ends the process in order; whoever started it starts it again. */
  replace: () => void;
  minimumLifeMs?: number;
}): void {
  process.on("uncaughtException", (error: unknown, origin) => {
    log.fatal({ err: error, origin, reqId: currentRequest.getStore() }, "an error that nothing caught");
    lifecycle.faults += 1;
    if (lifecycle.faults > 1) return;
    const leftMs = Math.max(0, Math.ceil(minimumLifeMs - process.uptime() * 1000));
    setTimeout(replace, leftMs);
  });
}
