import type { Pool } from "pg";
import type { Subject } from "#domain/inbox.ts";
import type { Sender } from "#domain/senders.ts";
import type { Db } from "../db.ts";
import { newId } from "../ids.ts";

export const inboxChannel = "inbox";

/** A verified delivery. `dedupeKey` is the signed id where the sender signs one, else the SHA-256 of the body. */
export interface Delivery {
  sender: Sender;
  dedupeKey: string;
  /** What it is about; null where no workflow wants it. */
  subject: Subject | null;
  type: string;
  headers: Record<string, string>;
  body: Buffer;
  occurredAt: Date | null;
  /** Whether a workflow is to be told; what nobody waits for is kept as `ignored`. */
  wanted: boolean;
}

/**
 * Keeps a delivery; once this returns it is ours and may be acknowledged. False: it was kept before. One statement
 * without a notice inside: notices in a transaction make commits wait for each other.
 */
export async function storeDelivery(pool: Pool, delivery: Delivery): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "inbox-store",
    text: `INSERT INTO webhook_delivery (id, sender, dedupe_key, subject_kind, subject_id, type, headers, body, occurred_at, state, done_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $10 = 'ignored' THEN now() END)
           ON CONFLICT (sender, dedupe_key) DO NOTHING`,
    values: [
      newId(),
      delivery.sender,
      delivery.dedupeKey,
      delivery.subject?.kind ?? null,
      delivery.subject?.id ?? null,
      delivery.type,
      delivery.headers,
      delivery.body,
      delivery.occurredAt,
      delivery.wanted ? "new" : "ignored",
    ],
  });
  return rowCount === 1;
}

/**
 * Tells the dispatchers that there is something, after the commit. Many calls at once make one notice; a lost one
 * costs a second, since they also look by themselves.
 */
export function createInboxNotifier(pool: Pool): () => void {
  let ringing = false;
  let again = false;
  const ring = (): void => {
    if (ringing) {
      again = true;
      return;
    }
    ringing = true;
    void pool
      .query(`SELECT pg_notify('${inboxChannel}', '')`)
      .catch(() => undefined)
      .finally(() => {
        ringing = false;
        if (!again) return;
        again = false;
        ring();
      });
  };
  return ring;
}

/** What a webhook must know of the meeting it names, to answer as say. */
export async function knownMeeting(db: Db, meetingId: string): Promise<{ hasAgent: boolean } | null> {
  const row = await db.meeting.findUnique({ where: { id: meetingId }, select: { agentId: true } });
  return row === null ? null : { hasAgent: row.agentId !== null };
}
