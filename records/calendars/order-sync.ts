import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";

/**
 * Asks for a sync that begins from now on. By the database's clock, as is a sync's begin: whichever machine asks, "begun
 * since" is true.
 */
export async function orderSync(tx: Tx, calendarId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    UPDATE calendar SET requested_at = clock_timestamp() WHERE id = ${calendarId}::uuid RETURNING requested_at AS at`;
  await enqueue(tx, {
    kind: "calendar.sync",
    payload: { calendarId, requestedAt: row?.at.getTime() ?? 0 },
    dedupeKey: `calendar.sync:${newId()}`,
    partitionKey: calendarId,
  });
}
