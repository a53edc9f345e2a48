import type { Db } from "../db.ts";

/** Bytes that one more file of a person may have; at 0 or below nothing fits any more. */
export const roomLeft = async (
  db: Db,
  userId: string,
  { fileBytes, ownerBytes }: { fileBytes: number; ownerBytes: number },
): Promise<number> => Math.min(fileBytes, ownerBytes - (await storedBytes(db, userId)));

/** Bytes that a person keeps on this server: audio, what has been decoded of it as long as it stands, files of channels. */
export async function storedBytes(db: Db, userId: string): Promise<number> {
  const where = { conversation: { ownerId: userId } };
  const { _sum } = await db.recording.aggregate({ where, _sum: { sizeBytes: true, speechBytes: true } });
  const removed = await db.recording.aggregate({
    where: { ...where, originalRemovedAt: { not: null } },
    _sum: { sizeBytes: true },
  });
  const channels = await db.channelFile.aggregate({ where: { ownerId: userId }, _sum: { bytes: true } });
  return (
    Number(_sum.sizeBytes ?? 0) -
    Number(removed._sum.sizeBytes ?? 0) +
    Number(_sum.speechBytes ?? 0) +
    (channels._sum.bytes ?? 0)
  );
}
