import type { Prisma } from "#prisma/generated/client.ts";
import type { Db, PrismaClient } from "../db.ts";

/** What is listened for: speech to recognise, whose voice it is, and speech on each of two channels. */
export type SliceKind = "stretches" | "voices" | "left" | "right";

interface Sound {
  conversationId: string;
  kind: SliceKind;
}

/** Where to go on listening, as the number of the next slice and its second; null once all has been heard. */
export async function nextSlice(
  prisma: PrismaClient,
  { conversationId, kind }: Sound,
): Promise<{ index: number; from: number } | null> {
  const last = await prisma.soundSlice.findFirst({
    where: { conversationId, kind },
    orderBy: { index: "desc" },
    select: { index: true, nextSeconds: true },
  });
  if (last === null) return { index: 0, from: 0 };
  return last.nextSeconds === null ? null : { index: last.index + 1, from: last.nextSeconds };
}

/** Keeps what was found in a slice. One that is there already stands: two tries may be at it. */
export async function storeSlice(
  prisma: PrismaClient,
  slice: Sound & { index: number; next: number | null; found: unknown[] },
): Promise<void> {
  const { conversationId, kind, index, next, found } = slice;
  const row = { conversationId, kind, index, nextSeconds: next, found: found as Prisma.InputJsonArray };
  await prisma.soundSlice.createMany({ data: [row], skipDuplicates: true });
}

/** All that was found so far, in order. */
export async function foundIn<Found>(prisma: PrismaClient, { conversationId, kind }: Sound): Promise<Found[]> {
  const rows = await prisma.soundSlice.findMany({ where: { conversationId, kind }, orderBy: { index: "asc" } });
  return rows.flatMap(({ found }) => found as unknown as Found[]);
}

/** Removes what was found of these kinds: it is put together. */
export async function forgetSlices(db: Db, conversationId: string, kinds: SliceKind[]): Promise<void> {
  await db.soundSlice.deleteMany({ where: { conversationId, kind: { in: kinds } } });
}

/** Removes what was found for a run, whatever became of it. */
export async function forgetSlicesOfRun(db: Db, runId: string): Promise<void> {
  await db.soundSlice.deleteMany({ where: { conversation: { runs: { some: { id: runId } } } } });
}
