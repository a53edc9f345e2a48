import { recordingWorkflowId } from "#domain/ids.ts";
import { columnsOf } from "#domain/recorded.ts";
import { isUniqueViolation } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { createRun } from "../runs/new-run.ts";

/** A file that has arrived whole and lies in the media store under `mediaKeys(id).original`. */
export interface ArrivedFile {
  id: string;
  ownerId: string;
  workspaceId: string;
  title: string;
  /** Null: nobody said it. */
  language: string | null;
  fileName: string;
  mediaKey: string;
  sha256: string;
  sizeBytes: number;
  speakerCount: number | null;
  /** When it was recorded (ISO 8601 with offset), where somebody said so. Left out, its file is asked once it is decoded. */
  recordedAt?: string | null | undefined;
  timeZone?: string | null | undefined;
  /** Why it ends before the talk did, where a limit of this server cut it off. */
  cutNote?: string | null | undefined;
  /** Keep a second copy of bytes that the workspace already has. */
  allowDuplicate: boolean;
}

export type Created = { id: string; duplicate: false } | { id: string; duplicate: true };

/**
 * Makes an arrived file a recording and asks for its run, in one transaction: no recording without a run, no run
 * without a recording, whether or not Temporal is up. The same bytes again in the workspace give the existing one;
 * the caller then removes its own copy.
 */
export async function createRecording(prisma: PrismaClient, file: ArrivedFile): Promise<Created> {
  const existing = await findDuplicate(prisma, file);
  if (existing !== null) return { id: existing, duplicate: true };
  try {
    await insertRecording(prisma, file);
    return { id: file.id, duplicate: false };
  } catch (error) {
    // Two uploads of the same bytes at once: the unique key let one of them in.
    const winner = isUniqueViolation(error) ? await findDuplicate(prisma, file) : null;
    if (winner === null) throw error;
    return { id: winner, duplicate: true };
  }
}

/** The first upload of the same bytes. What bots recorded, and what is a channel's, count for themselves. */
async function findDuplicate(prisma: PrismaClient, { allowDuplicate, ...file }: ArrivedFile): Promise<string | null> {
  if (allowDuplicate) return null;
  const [row] = await prisma.$queryRaw<{ id: string }[]>`
    SELECT recording.id FROM recording JOIN conversation USING (id)
    WHERE recording.workspace_id = ${file.workspaceId}::uuid AND sha256 = ${file.sha256} AND kind <> 'video'
      AND NOT EXISTS (SELECT 1 FROM recorder WHERE recorder.id = recording.id)
    ORDER BY created_at, recording.id LIMIT 1`;
  return row?.id ?? null;
}

async function insertRecording(prisma: PrismaClient, file: ArrivedFile): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.conversation.create({
      data: {
        id: file.id,
        kind: "recording",
        title: file.title,
        ownerId: file.ownerId,
        workspaceId: file.workspaceId,
        language: file.language,
      },
    });
    await tx.recording.create({
      data: {
        id: file.id,
        workspaceId: file.workspaceId,
        fileName: file.fileName,
        mediaKey: file.mediaKey,
        sha256: file.sha256,
        dedupeKey: file.allowDuplicate ? null : file.sha256,
        sizeBytes: file.sizeBytes,
        speakerCount: file.speakerCount,
        ...columnsOf(file.recordedAt),
        timeZone: file.timeZone ?? null,
        cutNote: file.cutNote ?? null,
      },
    });
    await createRun(tx, {
      kind: "recording",
      stage: "upload",
      workflowId: recordingWorkflowId(file.id),
      conversationId: file.id,
      title: file.title,
      ownerId: file.ownerId,
      workspaceId: file.workspaceId,
    });
  });
}
