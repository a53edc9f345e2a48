import type { Sender } from "#domain/senders.ts";
import type { Db } from "../db.ts";

/** A delivery that reached this server. `refusal`: why it was not taken, null where it was. */
interface Sighting {
  sender: Sender;
  isSigned: boolean;
  refusal: string | null;
}
export type NoteSighting = (sighting: Sighting) => void;

/** Anybody can send, and not every request may cost a write. */
const leastMs = 1_000;

/** Notes what comes, in the background and no more than once a second of each kind: it is for people to look at. */
export function createNoteSighting(db: Db): NoteSighting {
  const notedAt = new Map<string, number>();
  return ({ sender, isSigned, refusal }) => {
    const now = Date.now();
    const kind = `${sender} ${isSigned} ${refusal}`;
    if (now - (notedAt.get(kind) ?? 0) < leastMs) return;
    notedAt.set(kind, now);
    const seen = { seenAt: new Date(now), refusal };
    // A delivery is not worth less because this note of it was not.
    void db.webhookSighting
      .upsert({
        where: { sender_isSigned: { sender, isSigned } },
        create: { sender, isSigned, ...seen },
        update: seen,
      })
      .catch(() => notedAt.delete(kind));
  };
}

/** The newest delivery of a sender that was signed as it should be, and the newest that was not. */
export async function sightingsOf(db: Db, sender: Sender) {
  const rows = await db.webhookSighting.findMany({
    where: { sender },
    select: { isSigned: true, seenAt: true, refusal: true },
  });
  return {
    signed: rows.find(({ isSigned }) => isSigned) ?? null,
    unsigned: rows.find(({ isSigned }) => !isSigned) ?? null,
  };
}
