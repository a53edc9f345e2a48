import {
  activityInfo,
  ApplicationFailure,
  cancellationDetails,
  cancellationSignal,
  CancelledFailure,
  heartbeat,
} from "@temporalio/activity";
import type { Logger } from "pino";
import type { FailureDetails } from "#domain/failure.ts";
import type { Stage } from "#domain/stages.ts";
import { isDatabaseDown } from "#records/database-down.ts";
import type { PrismaClient } from "#records/db.ts";
import { isDiskFull } from "#records/disk-full.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { beginTry, returnTry } from "#records/runs/run-stages.ts";
import { enqueueRun } from "#records/runs/turns.ts";
import { failure } from "./clients/child.ts";

/** What a stage activity is told: ids, and a person's attempt. */
export interface StageInput {
  runId: string;
  conversationId: string;
  attempt: number;
  /** Which of its turns this is, of a stage that works in turns; counted from 0. */
  turn?: number;
}

/** What a stage works with: a signal that says stop, and a way to report how far it is (0 to 1). */
interface StageContext {
  signal: AbortSignal;
  progress(fraction: number, message?: string): void;
}

/** After these a run that transcribes waits for a place at heavy work. */
const beforeHeavy: readonly Stage[] = ["upload", "downloading", "transcode", "speech_detection", "diarization"];
const waitingForRoom = "Waiting: the server has no room left on its disk";
const heartbeatEveryMs = 2_000;
const progressEveryMs = 500;

export type RunStage = <T>(stage: Stage, input: StageInput, work: (context: StageContext) => Promise<T>) => Promise<T>;

/**
 * The frame of every stage activity: counts the try (a later turn is none), heartbeats while the work lasts, stores progress now and then,
 * stops the work when the run is cancelled, and turns errors into failures the workflow understands.
 */
export function createRunStage({ prisma, log }: { prisma: PrismaClient; log: Logger }): RunStage {
  return async (stage, input, work) => {
    const { runId, attempt } = input;
    const beating = setInterval(() => heartbeat(), heartbeatEveryMs);
    const reporter = createReporter(prisma, { runId, attempt, stage });
    const goesOn = (input.turn ?? 0) > 0 && activityInfo().attempt === 1;
    try {
      const begun = await beginTry(prisma, { runId, attempt, stage }, { goesOn });
      if (begun === null) throw ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
      const end = await work({ signal: cancellationSignal(), progress: reporter.report });
      if (end === "more" || beforeHeavy.includes(stage)) await enqueueRun(prisma, runId);
      return end;
    } catch (error) {
      const failed = failureOf(error);
      logFailedTry(log, { ...input, stage }, { error, failed });
      if (failed instanceof ApplicationFailure && failed.type === "storage_full") await reporter.tell(waitingForRoom);
      if (isWaiting(failed)) await reporter.tell(failed.message);
      if ((isHandedBack(failed) || isWaiting(failed)) && !goesOn)
        await returnTry(prisma, { runId, stage }).catch(() => undefined);
      throw withTries(failed);
    } finally {
      clearInterval(beating);
      await reporter.finish();
    }
  };
}

// Reports may come by the hundred; what is stored is the newest one, twice a second at most.
function createReporter(
  prisma: PrismaClient,
  { runId, attempt, stage }: { runId: string; attempt: number; stage: Stage },
) {
  let newest: { fraction: number; message?: string } | null = null;
  let storing: Promise<void> | null = null;
  let lastAt = 0;
  const store = async () => {
    while (newest !== null) {
      const { fraction, message } = newest;
      newest = null;
      lastAt = Date.now();
      const event = { type: "progress" as const, stage, fraction, ...(message === undefined ? {} : { message }) };
      await prisma.$transaction((tx) => applyRunEvent(tx, runId, event, attempt));
    }
  };
  return {
    report(fraction: number, message?: string): void {
      newest = { fraction, ...(message === undefined ? {} : { message }) };
      if (storing !== null || Date.now() - lastAt < progressEveryMs) return;
      // A report that cannot be stored is no reason to stop the work; the next one, or the stage's end, tells more.
      storing = store()
        .catch(() => undefined)
        .finally(() => (storing = null));
    },
    /** Says at once why nothing goes on. */
    async tell(message: string): Promise<void> {
      newest = null;
      await storing;
      newest = { fraction: 0, message };
      await store().catch(() => undefined);
    },
    async finish(): Promise<void> {
      newest = null;
      await storing;
    },
  };
}

/** One line for each try that failed; what was stopped or only waits has not failed. */
function logFailedTry(
  log: Logger,
  at: StageInput & { stage: Stage },
  { error, failed }: { error: unknown; failed: Error },
) {
  if (!(failed instanceof ApplicationFailure) || isHandedBack(failed) || isWaiting(failed)) return;
  const { attempt: tries, retryPolicy } = activityInfo();
  const most = failed.nonRetryable ? tries : retryPolicy?.maximumAttempts;
  const about = { ...at, code: failed.type, tries, ...(most === undefined ? {} : { of: most }) };
  // The whole error stays in the log: a message may quote what people said, and histories outlive deletions.
  if (failed === error) log.warn({ ...about, err: failed }, "[Retry] stage failed");
  else log.error({ ...about, err: error }, "[Retry] stage failed");
}

function failureOf(error: unknown): Error {
  if (cancellationSignal().aborted) {
    if (cancellationDetails()?.workerShutdown) {
      // No try of Temporal's is used up: the workflow orders the work anew, for whichever worker is there.
      return ApplicationFailure.nonRetryable("The worker is restarting", "worker_restarting");
    }
    return new CancelledFailure("The stage was stopped");
  }
  if (error instanceof ApplicationFailure) return error;
  if (isDiskFull(error)) return failure("storage_full");
  if (isDatabaseDown(error)) return ApplicationFailure.retryable("The database is away", "storage_unavailable");
  return ApplicationFailure.retryable("Something went wrong on our side. Retry to go on from here.", "internal");
}

/**
 * Nothing is to be had of the work's source for so long; the reason is for people. The wait uses up no try. `untilOpen`:
 * it ends sooner where the source is tried again for all.
 */
export function waitForSource(
  reason: string,
  waitMs: number,
  wait: Pick<FailureDetails, "untilOpen"> = {},
): ApplicationFailure {
  const details: [FailureDetails] = [{ tries: 1, waitMs, ...wait }];
  return ApplicationFailure.create({ message: reason, type: "source_waiting", nonRetryable: true, details });
}

const isWaiting = (failed: Error) => failed instanceof ApplicationFailure && failed.type === "source_waiting";
const isHandedBack = (failed: Error) => failed instanceof ApplicationFailure && failed.type === "worker_restarting";

// The workflow tells of it where no try is left, and is not told how many there were.
function withTries(failed: Error): Error {
  if (!(failed instanceof ApplicationFailure)) return failed;
  const { message, cause } = failed;
  const said = failed.details?.[0] as Partial<FailureDetails> | undefined;
  const details: [FailureDetails] = [{ ...said, tries: activityInfo().attempt }];
  return ApplicationFailure.create({
    message,
    details,
    type: failed.type ?? "internal",
    nonRetryable: failed.nonRetryable ?? false,
    ...(failed.nextRetryDelay ? { nextRetryDelay: failed.nextRetryDelay } : {}),
    ...(cause === undefined ? {} : { cause }),
  });
}
