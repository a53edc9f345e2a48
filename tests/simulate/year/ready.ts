import { setTimeout as wait } from "node:timers/promises";
import type { Convene } from "#tests/faults/convene.ts";

const patienceMs = 900_000;

interface Begin {
  /** Until then it has to be ready; else the year is put off. */
  decideAt(): number;
  postpone(): void;
}

/**
 * People's calendars are connected long before their meetings: waits until every calendar was read, and until the visits
 * that follow are ordered and wait for their hour. A year that would begin before is put off.
 */
export async function untilReady(convene: Convene, users: number, { decideAt, postpone }: Begin): Promise<void> {
  const until = Date.now() + patienceMs;
  let shownAt = new Date(0);
  let read = new Set<string>();
  for (;;) {
    const rows = await convene.rows<{ id: string }>(
      `SELECT id FROM calendar WHERE started_at > '${shownAt.toISOString()}' AND synced_at >= started_at`,
    );
    for (const { id } of rows) read.add(id);
    if (read.size >= users && (await waitingVisits(convene)) === 0) return;
    if (Date.now() > until) throw new Error(`Only ${read.size} calendars of ${users} were read`);
    if (Date.now() > decideAt()) {
      postpone();
      [shownAt, read] = [new Date(), new Set()];
    }
    await wait(1_000);
  }
}

// Visits whose workflows have not got hold of them some seconds after they were ordered.
async function waitingVisits(convene: Convene): Promise<number> {
  const [row] = await convene.rows<{ count: string }>(
    `SELECT count(*) FROM run WHERE kind = 'recorder' AND status = 'pending' AND created_at < now() - interval '5 seconds'
       AND NOT EXISTS (SELECT 1 FROM run_claim WHERE run_id = run.id)`,
  );
  return Number(row?.count);
}
