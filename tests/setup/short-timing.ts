import type { Timing } from "#domain/timing.ts";

/**
 * The durations of `domain/timing.ts` in the same order of size and mostly a tenth of the length, for tests: both the
 * tests' workflow bundle and their own modules get this file in its place.
 */
export const timing: Timing = {
  emptyCallMs: 3_000,
  providerFileMs: 30_000,
  startTold: { firstMs: 500, againMs: 500, mostMs: 5_000 },
  shortLingerMs: 50,
  lingerMs: 500,
  // A bound that tests with a real recogniser need whole, and that costs the others nothing; so with the next.
  lastWordsMs: 8_000,
  heldLinkMs: 2_000,
  drainMs: 9_000,
  turnMs: 300,
  inLine: { tellAfterMs: 500, lookMs: 200 },
  keepLoadedMs: 3_000,
  outagePollMs: 500,
  retry: {
    bookkeeping: { firstMs: 100, longestMs: 1_000 },
    light: { firstMs: 200 },
    aftermath: { firstMs: 100 },
    heavy: { firstMs: 100 },
    bots: { firstMs: 100, longestMs: 1_000 },
    link: { firstMs: 100, longestMs: 1_000 },
  },
  botPoll: { joiningMs: 300, inCallMs: 1_000, collectMs: 200, watchMs: 0 },
  botRecordingMs: 5_000,
  backfillPollMs: 1_000,
  youtubePaceMs: 1_200,
  reviewDays: 7,
  review: { cutMs: 24 * 60 * 60_000, leastMs: 100 },
  queuePollMs: 200,
  handOver: { firstMs: 100, longestMs: 10_000 },
  deletion: { firstMs: 300, turnMs: 1_000, lookMs: 200, patienceMs: 24 * 60 * 60_000 },
};
