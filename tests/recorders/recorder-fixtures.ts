import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { createRecorder } from "#records/recorders/order.ts";

/** A visit that waits for its hour, in a room of its own. */
export async function addRecorder(
  prisma: PrismaClient,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<string> {
  const startsAt = new Date(Date.now() + 3_600_000);
  const room = newId();
  const id = await prisma.$transaction((tx) =>
    createRecorder(tx, {
      workspaceId,
      ownerId: userId,
      title: "Planning",
      place: { platform: "google_meet", room, url: `https://meet.google.com/${room}` },
      startsAt,
      endsAt: new Date(startsAt.getTime() + 1_800_000),
      joinAt: startsAt,
      generation: 1,
      botName: "Notetaker",
      language: "en",
      consentMessage: "",
    }),
  );
  if (id === null) throw new Error("ordered before");
  return id;
}
