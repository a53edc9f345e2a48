import { endReview } from "#records/channels/review-deadline.ts";
import type { PrismaClient } from "#records/db.ts";

/** What ends the wait for a person's decision on an episode. */
export const createReviewActivities = ({ prisma }: { prisma: PrismaClient }) => ({
  /** Does what the channel says once the time is over. `until`: when that is, in ms since the epoch; null: all is decided. */
  async endReview(input: { episodeId: string; revision: number }): Promise<{ until: number | null }> {
    return { until: (await endReview(prisma, input))?.getTime() ?? null };
  },
});
