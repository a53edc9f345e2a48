import { setTimeout as sleep } from "node:timers/promises";
import type { GapReason } from "#domain/transcript-gap.ts";
import { isOver } from "#domain/meeting.ts";
import type { PrismaClient } from "#records/db.ts";
import { factsOf } from "#records/meetings/meetings.ts";
import type { AgentLink } from "./clients/calls/call-provider.ts";

export type HeldLinks = ReturnType<typeof createHeldLinks>;

/**
 * Agents' links that outlive their activity: as this process stops they go on hearing until another worker takes the
 * seat, so that a call goes unheard only for as long as joining takes. `mostMs`: then there is no other worker.
 */
export function createHeldLinks({ mostMs }: { mostMs: number }) {
  const held = new Set<Promise<void>>();
  return {
    mostMs,
    hold(ending: Promise<void>): void {
      const ended = ending.finally(() => held.delete(ended)).catch(() => undefined);
      held.add(ended);
    },
    /** Waits for all of them; an end that hangs keeps no process from stopping. */
    async releaseAll(): Promise<void> {
      const giveUp = new AbortController();
      const late = sleep(mostMs + 5_000, undefined, { signal: giveUp.signal }).catch(() => undefined);
      await Promise.race([Promise.all(held), late]);
      giveUp.abort();
    },
  };
}

interface Holding {
  prisma: PrismaClient;
  seat: { meetingId: string; generation: number };
  link: AgentLink;
  collector: { finish(): Promise<void> };
  mostMs: number;
  missSafely(reason: GapReason): Promise<void>;
}

const lookEveryMs = 100;

/** Goes on hearing until a newer link has the seat, the call is over, or nobody came. */
export async function holdLink({ prisma, seat, link, collector, mostMs, missSafely }: Holding): Promise<void> {
  const lost = link.closed.then(() => "lost" as const);
  for (const until = Date.now() + mostMs; Date.now() < until && (await isStillOurs(prisma, seat));) {
    if ((await Promise.race([lost, sleep(lookEveryMs)])) === "lost") break;
  }
  // Says nothing where somebody else has the seat.
  await missSafely("restarted");
  await link.close();
  await collector.finish();
}

async function isStillOurs(prisma: PrismaClient, { meetingId, generation }: Holding["seat"]): Promise<boolean> {
  try {
    const row = await prisma.meeting.findUnique({ where: { id: meetingId } });
    return row !== null && row.agentGeneration === generation && !isOver(factsOf(row));
  } catch {
    // While the database is away nobody can take the seat.
    return true;
  }
}
