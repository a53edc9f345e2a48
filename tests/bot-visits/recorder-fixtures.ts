import type { Recorder, Run } from "#prisma/generated/client.ts";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { createRecorder } from "#records/bot-visits/order.ts";

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

/** A visit as its rows stand after whatever became of it; it ended a minute ago, unless said otherwise. */
export async function addVisit(
  prisma: PrismaClient,
  person: { userId: string; workspaceId: string },
  recorder: Partial<Recorder>,
  run: Partial<Run>,
): Promise<string> {
  const id = await addRecorder(prisma, person);
  const { voices: _, ...columns } = recorder;
  const { runId } = await prisma.recorder.update({ where: { id }, data: columns });
  const { warnings: __, ...state } = run;
  const whole = state.status === "completed" ? { stage: "done", percent: 100 } : {};
  const finishedAt = new Date(Date.now() - 60_000);
  await prisma.run.update({ where: { id: runId }, data: { finishedAt, ...whole, ...state } });
  return id;
}
