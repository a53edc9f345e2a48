import type { Stretch } from "#domain/pieces.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";

/** Where somebody speaks in a conversation's sound, in order; null: nobody has looked. */
export async function detectedSpeech(db: Db, conversationId: string): Promise<Stretch[] | null> {
  const row = await db.detectedSpeech.findUnique({ where: { conversationId } });
  return row === null ? null : (row.stretches as unknown as Stretch[]);
}

/** Stores it to the millisecond. What is there already stands: pieces may be planned by it. */
export async function storeDetectedSpeech(db: Db, conversationId: string, found: readonly Stretch[]): Promise<void> {
  const stretches = found.map(({ start, end, quiet }) => ({
    start: toMilliseconds(start),
    end: toMilliseconds(end),
    quiet: quiet.map(toMilliseconds),
  }));
  const row = { conversationId, stretches: stretches as unknown as Prisma.InputJsonArray };
  await db.detectedSpeech.createMany({ data: [row], skipDuplicates: true });
}

/** The sound that it was found in is another one now. */
export async function forgetDetectedSpeech(db: Db, conversationId: string): Promise<void> {
  await db.detectedSpeech.deleteMany({ where: { conversationId } });
}

const toMilliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;
