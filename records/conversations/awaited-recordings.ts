import { recordingWorkflowId } from "#domain/ids.ts";
import { columnsOf } from "#domain/recorded.ts";
import { isFinal, newRun, waitingForSound } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { deleteConversation } from "./delete-conversation.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { mediaKeys } from "../media/media-store.ts";
import { createRun, orderStart } from "../runs/new-run.ts";
import { stateOfRun, runAnnouncements } from "../runs/runs.ts";

/** A recording that is made before its sound, so that it can be watched from the beginning. */
export interface AwaitedOrder {
  ownerId: string;
  workspaceId: string;
  title: string;
  language: string | null;
  speakerCount: number | null;
  recordedAt?: string | null | undefined;
  timeZone?: string | null | undefined;
}

/** Makes a recording whose run waits, pending at `upload`, until its sound is given. It takes no room until then. */
export async function awaitRecording(prisma: PrismaClient, order: AwaitedOrder): Promise<string> {
  const id = newId();
  const { ownerId, workspaceId, title, language, speakerCount } = order;
  await prisma.$transaction(async (tx) => {
    await tx.conversation.create({ data: { id, kind: "recording", title, ownerId, workspaceId, language } });
    const mediaKey = mediaKeys(id).original;
    const none = { fileName: "", sha256: "", sizeBytes: 0 };
    const told = { speakerCount, timeZone: order.timeZone ?? null, ...columnsOf(order.recordedAt) };
    await tx.recording.create({ data: { id, workspaceId, mediaKey, ...none, ...told } });
    const run = { kind: "recording" as const, stage: "upload" as const, workflowId: recordingWorkflowId(id) };
    await createRun(tx, { ...run, conversationId: id, title, ownerId, workspaceId }, { waits: waitingForSound });
  });
  return id;
}

/** The sound of an awaited recording, which lies in the media store already. */
interface Sound {
  mediaKey: string;
  fileName: string;
  sha256: string;
  sizeBytes: number;
  cutNote?: string | null;
}

/** `had`: it has sound already, or its run was ended; `gone`: there is no such recording any more. */
export type GiveOutcome = "given" | "had" | "gone";

/**
 * Gives an awaited recording its sound, and orders its run's start in the same transaction. The very same upload again
 * is given already.
 */
export async function giveSound(prisma: PrismaClient, id: string, sound: Sound): Promise<GiveOutcome> {
  return prisma.$transaction(async (tx) => {
    const state = await awaitedState(tx, id, sound.mediaKey);
    if (typeof state === "string") return state;
    const { run } = state;
    await tx.recording.update({ where: { id }, data: sound });
    await orderStart(tx, run.id, run.attempt);
    await tx.run.update({ where: { id: run.id }, data: { message: newRun("recording", "upload").message } });
    const applied = await stateOfRun(tx, run.id);
    if (applied !== null) await announce(tx, runAnnouncements(run, applied.state, "run.stage"));
    return "given";
  });
}

/** Whether a recording still waits for its sound. */
export const isAwaited = (prisma: PrismaClient, id: string): Promise<boolean> =>
  prisma.$transaction(async (tx) => typeof (await awaitedState(tx, id, null)) !== "string");

async function awaitedState(tx: Tx, id: string, mediaKey: string | null) {
  // The lock makes two that bring sound at once follow each other.
  const [row] = await tx.$queryRaw<{ size_bytes: bigint; media_key: string }[]>`
    SELECT size_bytes, media_key FROM recording WHERE id = ${id}::uuid FOR UPDATE`;
  if (row === undefined) return "gone";
  if (row.size_bytes > 0n) return row.media_key === mediaKey ? "given" : "had";
  const run = await tx.run.findFirst({
    where: { conversationId: id, kind: "recording" },
    orderBy: { createdAt: "desc" },
  });
  if (run === null) return "gone";
  return isFinal(run.status as RunStatus) ? "had" : { run };
}

/** Removes the recordings that nobody has given sound since then, save those whose sound is on its way. */
export async function dropAwaited(prisma: PrismaClient, before: Date): Promise<void> {
  const rows = await prisma.$queryRaw<{ id: string; owner_id: string | null }[]>`
    SELECT recording.id, owner_id FROM recording JOIN conversation USING (id)
    WHERE size_bytes = 0 AND created_at < ${before}
      AND NOT EXISTS (SELECT 1 FROM upload WHERE finished_at IS NULL AND expires_at > now()
                      AND metadata->>'recordingId' = recording.id::text)
    LIMIT 200`;
  for (const { id, owner_id: userId } of rows) {
    if (userId !== null) await deleteConversation(prisma, { userId, id });
  }
}
