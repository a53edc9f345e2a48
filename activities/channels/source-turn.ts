import { setTimeout as sleep } from "node:timers/promises";
import { sourceProblems } from "#domain/channels/source-problem.ts";
import { goesOnWords, minuteOf, sharedSourceName } from "#domain/channels/source-wait.ts";
import type { SourceKind } from "#domain/channels/source.ts";
import { closeSource, closing, jobsAhead, noteOpen, paceOf, passGate } from "#records/channels/source-gate.ts";
import type { PrismaClient } from "#records/db.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import { waitForSource } from "../stage.ts";

/** A premiere or a stream is asked for again so often. */
const notYetMs = 15 * 60_000;

interface Deps {
  prisma: PrismaClient;
  source: SourceKind;
  runId: string;
}

/**
 * Fetches from a source that all channels share: in turns, and not at all while it is closed. Whoever finds it closed
 * waits until it opens, in the order in which the jobs began, and uses up no try.
 */
export async function inTurnAt<T>(
  { prisma, source, runId }: Deps,
  signal: AbortSignal,
  fetch: () => Promise<T>,
): Promise<T> {
  const paceMs = paceOf(source);
  if (paceMs === undefined) return await fetch();

  async function wait({ closedUntil, reason }: { closedUntil: Date; reason: string }) {
    const ahead = await jobsAhead(prisma, source, runId);
    const until = new Date(closedUntil.getTime() + ahead * (paceMs ?? 0));
    const waitMs = Math.max(1_000, until.getTime() - Date.now());
    return waitForSource(goesOnWords(reason, until), waitMs, { untilOpen: true });
  }

  const passage = await passGate(prisma, source, paceMs);
  if ("closedUntil" in passage) throw await wait(passage);
  await sleep(passage.waitMs, undefined, { signal });
  // It may have been closed while this job waited for its turn.
  const closed = passage.waitMs > 0 ? await closing(prisma, source) : null;
  if (closed !== null) throw await wait(closed);
  try {
    const fetched = await fetch();
    await noteOpen(prisma, source);
    return fetched;
  } catch (error) {
    if (!(error instanceof SourceFailed)) throw error;
    if (error.problem === "not_yet") {
      throw waitForSource(`${error.message} Next at ${minuteOf(new Date(Date.now() + notYetMs))}.`, notYetMs);
    }
    if (!(await closedBy(prisma, source, error))) throw error;
    const now = await closing(prisma, source);
    throw now === null ? error : await wait(now);
  }
}

/** A look at a channel waits no longer for its turn: others are due. */
const longestLookWaitMs = 15_000;

/**
 * Asks a source that all channels share, in turn, for a look at a channel. Null: it is closed for all, or the turn is far
 * off. Where it answers that it wants to be left alone it is closed for all, as by a job.
 */
export async function askInTurn<T>(
  { prisma, source }: Omit<Deps, "runId">,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T | null> {
  const paceMs = paceOf(source);
  if (paceMs === undefined) return await ask();
  const passage = await passGate(prisma, source, paceMs);
  if ("closedUntil" in passage || passage.waitMs > longestLookWaitMs) return null;
  await sleep(passage.waitMs, undefined, { signal });
  if (passage.waitMs > 0 && (await closing(prisma, source)) !== null) return null;
  try {
    const told = await ask();
    await noteOpen(prisma, source);
    return told;
  } catch (error) {
    if (error instanceof SourceFailed) await closedBy(prisma, source, error);
    throw error;
  }
}

/**
 * Closes a source that said so; whether it did. Jobs of every workspace read why, so the item that was asked for is not
 * named: it may be another's.
 */
async function closedBy(prisma: PrismaClient, source: SourceKind, { problem, retryAfterMs }: SourceFailed) {
  if (problem !== "bot_check" && problem !== "rate_limited") return false;
  const reason = sourceProblems[problem].words(sharedSourceName);
  await closeSource(prisma, source, { reason, askedMs: retryAfterMs ?? 0 });
  return true;
}
