import type { Db } from "../db.ts";

/** Bytes that a person keeps on this server: audio, what has been decoded of it as long as it stands, files of channels. */
export async function storedBytes(db: Db, userId: string): Promise<number> {
  const { _sum } = await db.recording.aggregate({
    where: { conversation: { ownerId: userId } },
    _sum: { sizeBytes: true, speechBytes: true },
  });
  const channels = await db.channelFile.aggregate({ where: { ownerId: userId }, _sum: { bytes: true } });
  return Number(_sum.sizeBytes ?? 0) + Number(_sum.speechBytes ?? 0) + (channels._sum.bytes ?? 0);
}
