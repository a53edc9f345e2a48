/**
 * How long workflows, and what they wait for, take their time: in one place, since these durations depend on one
 * another. Milliseconds. A timer's length may change while workflows are open; a timer that is added or removed goes
 * through `patched()`.
 */
export const timing = {
  /** How long a call may stand empty before it is over: a person whose tab was lost comes back. A provider's end, or the page's leave, ends it at once. */
  emptyCallMs: 30_000,
  /** Most time for the provider's own transcript, where the words were not collected in the call. */
  providerFileMs: 5 * 60_000,

  /**
   * How long after somebody was let into a call its provider is asked whether it began, where no webhook told so; how
   * long between two such questions; and when they end. Then it is the reconcile pass's turn. Shorter than the minute
   * after which operators are warned of an order that waits.
   */
  startTold: { firstMs: 10_000, againMs: 10_000, mostMs: 50_000 },

  /** How long an agent's link stays at least for words that are on their way as the call ends, */
  shortLingerMs: 400,
  /** and how long where somebody was heard to begin. */
  lingerMs: 2_500,
  /** How long words that were said at the very end of a practice call may take to be recognised; on a machine at leisure it is a moment. */
  lastWordsMs: 8_000,
  /** How long a worker that stops holds its agents' links for another one; containers give it 40 s to stop. */
  heldLinkMs: 10_000,
  /** Most time for the agent's link to give up its last words after the call's end: longer than the three above together. */
  drainMs: 12_000,

  /**
   * How long heavy work goes on before others have their turn. A short recording needs three turns and waits for two
   * of others each time, so this is a tenth of what its owner should wait at most.
   */
  turnMs: 3_000,
  /** How long a run waits for its turn before its place in line is told, and between two looks at the line. */
  inLine: { tellAfterMs: 5_000, lookMs: 2_000 },
  /** How long what was loaded for a turn is kept for the next one, which waits for the turns of others. */
  keepLoadedMs: 30_000,

  /** Between two looks whether a part of ours (database, worker) is back. Such an outage uses up no tries. */
  outagePollMs: 10_000,
  /** The first wait of each kind of activity before it is tried again; each later one is twice as long. */
  retry: {
    /** Never given up, so no wait may be longer than the second figure. */
    bookkeeping: { firstMs: 1_000, longestMs: 20_000 },
    /** 2 and 4 s, since each try may be a paid model call. */
    light: { firstMs: 2_000 },
    /** 1, 2 and 4 s. */
    aftermath: { firstMs: 1_000 },
    heavy: { firstMs: 1_000 },
    /** Never so long that a meeting's beginning is lost when the provider is back. */
    bots: { firstMs: 1_000, longestMs: 30_000 },
    /** Tried for as long as the call lasts: people wait for their agent. */
    link: { firstMs: 1_000, longestMs: 15_000 },
  },

  /**
   * Between two looks at a bot, where no webhook tells of it: on its way, in the meeting, and for its recording; and
   * between two looks who is in the meeting with it.
   */
  botPoll: { joiningMs: 5_000, inCallMs: 30_000, collectMs: 5_000, watchMs: 60_000 },
  /** Most time that a provider may take to make a recording ready: shorter than the half hour of the stage's one try. */
  botRecordingMs: 20 * 60_000,

  /** Between two looks of a backfill at its jobs, where none of them tells that it is over. */
  backfillPollMs: 60_000,

  /** Between two requests for videos of YouTube: 300 an hour are what it lets a stranger have. */
  youtubePaceMs: 12_000,

  /** How long a held episode waits for a person where its channel does not say otherwise. */
  reviewDays: 7,
  /**
   * How much longer while another cut of it is being made; and between two looks at one whose time is over by the clock of
   * the one that waits, and not yet by that of the one that looks.
   */
  review: { cutMs: 24 * 60 * 60_000, leastMs: 1_000 },

  /** Between two looks at outbox and inbox where nobody told of a new row. */
  queuePollMs: 1_000,
  /**
   * Before a row that could not be handed over is tried again, doubled each time up to the second figure: after an
   * outage, a meeting that has begun waits no longer for its bot.
   */
  handOver: { firstMs: 1_000, longestMs: 60_000 },

  /**
   * Of an account that is being deleted: before its order is begun, so that requests of before are over and whoever asked
   * has left the page; how long one delivery of it goes on, well within the 30 s that it is leased for; between two looks
   * whether what others still do for it is done (bots leave, tokens are revoked, bytes of uploads go); and how long that is
   * waited for, as long as an order is tried before it is given up.
   */
  deletion: { firstMs: 3_000, turnMs: 10_000, lookMs: 30_000, patienceMs: 24 * 60 * 60_000 },
};

export type Timing = typeof timing;
