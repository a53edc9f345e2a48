import type { Db } from "../db.ts";

/** Bytes of audio that a person keeps on this server, and what has been decoded of it as long as it stands. */
export async function storedBytes(db: Db, userId: string): Promise<number> {
  const { _sum } = await db.recording.aggregate({
    where: { conversation: { ownerId: userId } },
    _sum: { sizeBytes: true, speechBytes: true },
  });
  return Number(_sum.sizeBytes ?? 0) + Number(_sum.speechBytes ?? 0);
}
