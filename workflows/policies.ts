import {
  ActivityFailure,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
  sleep,
} from "@temporalio/workflow";
import { ApplicationFailure } from "@temporalio/common";
import type { Activities } from "#activities/index.ts";
import type { TurnEnd } from "#activities/turn.ts";
import type { FailureDetails } from "#domain/failure.ts";
import type { Priority } from "#domain/priorities.ts";
import { timing } from "#domain/timing.ts";
import type { SourceWait } from "./source-wait.ts";

const { outagePollMs, retry } = timing;

/**
 * Bookkeeping must not be given up: without it nobody would learn how the run ended. It is quick and idempotent, so
 * it is tried until the database is back.
 */
export const bookkeeping = proxyActivities<Activities>({
  startToCloseTimeout: "30 seconds",
  retry: {
    initialInterval: retry.bookkeeping.firstMs,
    backoffCoefficient: 2,
    maximumInterval: retry.bookkeeping.longestMs,
  },
});

const atHand = proxyLocalActivities<Activities>({ startToCloseTimeout: "5 seconds", retry: { maximumAttempts: 1 } });

/**
 * Bookkeeping that people are waiting for: done by the worker that has the workflow at hand, without a turn through the
 * task queue. It has one try there, since a workflow task must not wait; what fails goes the way of all bookkeeping.
 */
export const localFirst = {
  async endCall(input: Parameters<Activities["endCall"]>[0]): Promise<void> {
    try {
      await atHand.endCall(input);
    } catch (error) {
      if (isCancellation(error)) throw error;
      await bookkeeping.endCall(input);
    }
  },

  async collectTranscript(input: Parameters<Activities["collectTranscript"]>[0]): Promise<void> {
    if (!patched("collected-at-hand")) return light.collectTranscript(input);
    try {
      await atHand.collectTranscript(input);
    } catch (error) {
      if (isCancellation(error) || (isPermanent(error) && !isOurOutage(error))) throw error;
      await light.collectTranscript(input);
    }
  },
};

const lightStages = proxyActivities<Activities>({
  startToCloseTimeout: "30 minutes",
  heartbeatTimeout: "20 seconds",
  // A run that says "cancelled" has really stopped.
  cancellationType: "WAIT_CANCELLATION_COMPLETED",
  // Each attempt may be a paid model call: A-24's budget of three.
  retry: { initialInterval: retry.light.firstMs, backoffCoefficient: 2, maximumAttempts: 3 },
});

/** Light stages, tried again for as long as the only obstacle is that a part of ours is away. */
export const light = patient(lightStages);

/** Stages that fetch a file, as patient as the light ones. */
export const downloadsOn = (taskQueue: string | undefined) =>
  patient(
    proxyActivities<Activities>({
      ...(taskQueue === undefined ? {} : { taskQueue }),
      startToCloseTimeout: "30 minutes",
      heartbeatTimeout: "20 seconds",
      cancellationType: "WAIT_CANCELLATION_COMPLETED",
      retry: { initialInterval: retry.light.firstMs, backoffCoefficient: 2, maximumAttempts: 3 },
    }),
  );

/**
 * What may be hours long, from servers that anybody runs. A try goes on where the one before broke off, so that the
 * longest wait is theirs to choose, not their size's.
 */
export const longDownloadsOn = (taskQueue: string | undefined, sourceWait: SourceWait) =>
  patient(
    proxyActivities<Activities>({
      ...(taskQueue === undefined ? {} : { taskQueue }),
      startToCloseTimeout: "6 hours",
      heartbeatTimeout: "20 seconds",
      cancellationType: "WAIT_CANCELLATION_COMPLETED",
      retry: { initialInterval: retry.light.firstMs, backoffCoefficient: 3, maximumAttempts: 5 },
    }),
    sourceWait,
  );

/** What follows a finished run: worth a few tries (A-23's budget), and no reason to keep its workflow open for ever. */
export const aftermath = proxyActivities<Activities>({
  startToCloseTimeout: "30 seconds",
  retry: { initialInterval: retry.aftermath.firstMs, backoffCoefficient: 2, maximumAttempts: 4 },
});

/** A pass over all meetings that asks their providers; the next one makes up for what this one did not reach. */
export const passes = proxyActivities<Activities>({
  startToCloseTimeout: "4 minutes",
  heartbeatTimeout: "1 minute",
  retry: { maximumAttempts: 2 },
});

/**
 * A pass over calendars or visits: the next one makes up for it too, and does not begin before this one is over, so
 * that a worker that dies in it must be missed soon.
 */
export const sweeps = proxyActivities<Activities>({
  startToCloseTimeout: "4 minutes",
  heartbeatTimeout: "10 seconds",
  retry: { maximumAttempts: 2 },
});

/**
 * One calendar or channel read, and what follows from it. What its server does wrong is kept as its state and is no
 * failure; tries are for a database that is away and for another worker that has it just now.
 */
export const readingOn = (taskQueue: string | undefined) =>
  proxyActivities<Activities>({
    ...(taskQueue === undefined ? {} : { taskQueue }),
    startToCloseTimeout: "2 minutes",
    heartbeatTimeout: "15 seconds",
    retry: { initialInterval: retry.bookkeeping.firstMs, backoffCoefficient: 1.5, maximumInterval: "10 seconds" },
  });
export const reading = readingOn(undefined);

/**
 * What is asked of the bots' provider. It may be away or have no bot free for a while, so it is tried for as long as a
 * meeting may last; only what no try can mend ends it, or the activity itself, where it comes too late to be of use.
 */
export const botsOn = (taskQueue: string | undefined, priorityKey?: Priority) =>
  proxyActivities<Activities>({
    ...(taskQueue === undefined ? {} : { taskQueue }),
    ...(priorityKey === undefined ? {} : { priority: { priorityKey } }),
    startToCloseTimeout: "1 minute",
    scheduleToCloseTimeout: "12 hours",
    // A worker that dies while it sends a bot must not make it late.
    heartbeatTimeout: "6 seconds",
    // Whoever dismisses a bot must know whether one is being sent at this moment.
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    retry: {
      initialInterval: retry.bots.firstMs,
      backoffCoefficient: 2,
      maximumInterval: retry.bots.longestMs,
    },
  });

/**
 * The agent's link: one long activity that lives as long as the call. A lost link, a dead worker or a provider that is
 * away are tried again for as long as the call lasts; only what no try can mend ends it.
 */
export const linkOn = (taskQueue: string | undefined) =>
  proxyActivities<Activities>({
    ...(taskQueue === undefined ? {} : { taskQueue }),
    startToCloseTimeout: "70 minutes",
    heartbeatTimeout: "10 seconds",
    cancellationType: "WAIT_CANCELLATION_COMPLETED",
    retry: { initialInterval: retry.link.firstMs, backoffCoefficient: 2, maximumInterval: retry.link.longestMs },
  });

/** Heavy stages, in the queue of workers that have the processors for them; as patient as the light ones. */
export const heavyOn = (taskQueue: string) =>
  patient(
    proxyActivities<Activities>({
      taskQueue,
      // Eight hours of audio on a slow machine; a stuck stage is noticed by its missing heartbeat long before.
      startToCloseTimeout: "12 hours",
      heartbeatTimeout: "20 seconds",
      cancellationType: "WAIT_CANCELLATION_COMPLETED",
      // A-23's budget: four attempts.
      retry: { initialInterval: retry.heavy.firstMs, backoffCoefficient: 2, maximumAttempts: 4 },
    }),
  );

/**
 * Heavy work in turns: after each it goes to the back of its queue, so that nobody waits for the whole of another's. A
 * turn is an activity of its own, with a budget of its own.
 */
export async function inTurns(work: (turn: number) => Promise<TurnEnd>): Promise<void> {
  for (let turn = 0; (await work(turn)) === "more"; turn++);
}

const mostWaits = 360; // an hour
/** A source that is closed says until when, eight hours at most each time; each wait is a few events of the history. */
const mostSourceWaits = 300;

// A database or a worker that is away, a full disk or a source that is closed for all says nothing about the work: such
// failures do not use up a stage's budget.
function patient<T extends object>(activities: T, sourceWait?: SourceWait): T {
  return new Proxy(activities, {
    get(target, name) {
      const call = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        let sourceWaits = 0;
        for (let waits = 0; ; waits++) {
          try {
            sourceWait?.forget();
            return await call(...args);
          } catch (error) {
            const { waitMs = null, untilOpen = false } = sourceWaitOf(error);
            if (waitMs !== null && sourceWaits < mostSourceWaits) {
              sourceWaits += 1;
              waits -= 1;
              // What waited before there was a way to end it earlier did not say so, and is replayed as it was.
              await (untilOpen && sourceWait !== undefined ? sourceWait.wait(waitMs) : sleep(waitMs));
              continue;
            }
            if (!isOurOutage(error) || waits >= mostWaits) throw error;
            // A worker that stops has handed its work back; another one takes it at once.
            if (failureTypeOf(error) === "worker_restarting" && patched("handed-back-at-once")) continue;
            await sleep(outagePollMs);
          }
        }
      };
    },
  });
}

/** What an activity threw; one at hand throws it as it is. */
function applicationFailureOf(error: unknown): ApplicationFailure | null {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure ? failure : null;
}

const failureTypeOf = (error: unknown): string => applicationFailureOf(error)?.type ?? "";

function sourceWaitOf(error: unknown): Partial<FailureDetails> {
  if (failureTypeOf(error) !== "source_waiting") return {};
  return (applicationFailureOf(error)?.details?.[0] as FailureDetails | undefined) ?? {};
}

const isOurOutage = (error: unknown) =>
  ["storage_unavailable", "storage_full", "worker_restarting"].includes(failureTypeOf(error));

/**
 * Repeats work that stores its progress: its budget of tries counts anew whenever it got further than the time
 * before, so a long recording survives any number of interruptions, but not one that stops at the same place.
 */
export async function untilNoProgress(work: () => Promise<unknown>, progress: () => Promise<number>): Promise<void> {
  let done = -1;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (isCancellation(error) || isPermanent(error)) throw error;
      const reached = await progress();
      if (reached <= done) throw error;
      done = reached;
    }
  }
}

const isPermanent = (error: unknown) => applicationFailureOf(error)?.nonRetryable === true;
