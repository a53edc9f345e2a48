import { condition, setHandler } from "@temporalio/workflow";
import { timing } from "#domain/timing.ts";
import { isFull, rollOver } from "./call-signals.ts";
import { reviewChanged } from "./messages.ts";
import { bookkeeping } from "./policies.ts";

/** What starts it: ids only, since histories outlive deletions. */
export interface ReviewInput {
  episodeId: string;
  revision: number;
}

/**
 * Waits until somebody decides on an episode that is held, or its time is over. What is so stands in the episode's row,
 * which is asked at each hint and each end of the time: a lost hint costs no more than a longer wait.
 */
export async function review(input: ReviewInput): Promise<void> {
  let hints = 0;
  setHandler(reviewChanged, () => void (hints += 1));
  for (;;) {
    const seen = hints;
    const { until } = await bookkeeping.endReview(input);
    if (until === null) return;
    await condition(() => hints !== seen, Math.max(timing.review.leastMs, until - Date.now()));
    if (isFull()) await rollOver(input);
  }
}
