import { patched } from "@temporalio/workflow";
import { bookkeeping, passes } from "./policies.ts";

/** Started by a schedule: finds runs that have lost their workflow, and clears away what has had its time. */
export async function upkeep(): Promise<void> {
  await bookkeeping.restartLostRuns();
  await bookkeeping.clearExpired();
  if (patched("retention")) await passes.applyRetention();
}
