import type { Db } from "../db.ts";

/** What workers can bring to calls outside. */
export interface CallOffer {
  hasStream: boolean;
  hasOpenAi: boolean;
}

/** Null: no worker has started yet. */
export const callOffer = (db: Db): Promise<(CallOffer & { updatedAt: Date }) | null> =>
  db.callOffer.findUnique({ where: { id: 1 }, omit: { id: true } });

/** Noted by a worker as it starts: web processes do not know its settings. */
export async function saveCallOffer(db: Db, offer: CallOffer): Promise<void> {
  await db.callOffer.upsert({ where: { id: 1 }, create: { id: 1, ...offer }, update: offer });
}
