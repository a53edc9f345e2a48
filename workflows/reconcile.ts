import { passes } from "./policies.ts";

/**
 * Started by a schedule: asks the providers of calls about meetings that should have moved, since a webhook may be lost
 * for good (Stream gives up after 15 seconds), and puts what it learns into the inbox.
 */
export async function reconcile(): Promise<void> {
  await passes.reconcileMeetings();
}
