import { recordingWorkflowId } from "#domain/ids.ts";
import { isUniqueViolation } from "./db.ts";
import type { PrismaClient } from "./db.ts";
import { createRun } from "./new-run.ts";

/** A file that has arrived whole and lies in the media store under `mediaKeys(id).original`. */
export interface ArrivedFile {
  id: string;
  ownerId: string;
  workspaceId: string;
  title: string;
  language: string;
  fileName: string;
  mediaKey: string;
  sha256: string;
  sizeBytes: number;
  speakerCount: number | null;
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

async function findDuplicate(prisma: PrismaClient, file: ArrivedFile): Promise<string | null> {
  if (file.allowDuplicate) return null;
  const row = await prisma.recording.findUnique({
    where: { workspaceId_dedupeKey: { workspaceId: file.workspaceId, dedupeKey: file.sha256 } },
    select: { id: true },
  });
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
