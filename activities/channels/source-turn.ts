import { setTimeout as sleep } from "node:timers/promises";
import type { SourceKind } from "#domain/channels/source.ts";
import { closeSource, closing, jobsAhead, noteOpen, passGate } from "#records/channels/source-gate.ts";
import type { PrismaClient } from "#records/db.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import { waitForSource } from "../stage.ts";

/** Between two requests for videos: 300 an hour are what YouTube lets a stranger have. */
const paceOf: Partial<Record<SourceKind, number>> = { youtube: 12_000 };
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
  const paceMs = paceOf[source];
  if (paceMs === undefined) return await fetch();

  async function wait({ closedUntil, reason }: { closedUntil: Date; reason: string }) {
    const ahead = await jobsAhead(prisma, source, runId);
    const until = new Date(closedUntil.getTime() + ahead * (paceMs ?? 0));
    return waitForSource(`${reason} It goes on at ${timeOf(until)}.`, Math.max(1_000, until.getTime() - Date.now()));
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
      throw waitForSource(`${error.message} Next at ${timeOf(new Date(Date.now() + notYetMs))}.`, notYetMs);
    }
    if (error.problem !== "bot_check" && error.problem !== "rate_limited") throw error;
    await closeSource(prisma, source, { reason: error.message, askedMs: error.retryAfterMs ?? 0 });
    const now = await closing(prisma, source);
    throw now === null ? error : await wait(now);
  }
}

const timeOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
