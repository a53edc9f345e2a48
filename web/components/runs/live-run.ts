import type { RunEventData } from "#domain/live.ts";

/** What lists and pages show of a run, as an event of the feed tells it. */
export const shownOfRun = ({ status, stage, percent, message, attempt, error, cancelRequested }: RunEventData) => ({
  status,
  stage,
  percent,
  message,
  attempt,
  error,
  cancelRequested,
});
