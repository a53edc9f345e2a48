import type { Activities } from "#activities/index.ts";
import { reviewChanged } from "#workflows/messages.ts";
import type { Story } from "./stories.ts";

// What the row says each time it is asked, the last one for ever.
function saying(...untils: (() => number | null)[]): Partial<Activities> {
  let asked = -1;
  return {
    endReview: async () => {
      asked += 1;
      return { until: untils[Math.min(asked, untils.length - 1)]?.() ?? null };
    },
  };
}
// Once it waits.
const hinted: NonNullable<Story["drive"]> = async (run) => {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await run.signal(reviewChanged);
};
const in90Days = () => Date.now() + 90 * 24 * 60 * 60_000;

/** The shapes that the wait for a decision on an episode can have. */
export const reviewStories: Record<string, Story> = {
  "review-decided": {
    activities: saying(in90Days, () => null),
    drive: hinted,
  },
  "review-over": {
    activities: saying(
      () => Date.now() + 1_500,
      () => null,
    ),
  },
  "review-hinted-and-over": {
    activities: saying(
      in90Days,
      () => Date.now() + 1_000,
      () => Date.now() + 500,
      () => null,
    ),
    drive: hinted,
  },
};
