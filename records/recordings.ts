import { recordingWorkflowId } from "#domain/ids.ts";
import { newRun } from "#domain/run.ts";
import { isUniqueViolation } from "./db.ts";
import type { PrismaClient } from "./db.ts";
import { announce } from "./feed.ts";
import { newId } from "./ids.ts";
import { enqueue } from "./outbox.ts";
import { tellOfRun } from "./runs.ts";

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
  const state = newRun("recording", "upload");
  const runId = newId();
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
    await tx.run.create({
      data: {
        id: runId,
        kind: "recording",
        conversationId: file.id,
        workspaceId: file.workspaceId,
        workflowId: recordingWorkflowId(file.id),
        status: state.status,
        stage: state.stage,
        message: state.message,
      },
    });
    await enqueue(tx, {
      kind: "run.start",
      payload: { runId, attempt: 1 },
      dedupeKey: `run.start:${runId}:1`,
      partitionKey: runId,
    });
    const row = { id: runId, conversationId: file.id, workspaceId: file.workspaceId, conversation: file };
    await announce(tx, tellOfRun(row, state, "run.created"));
  });
}
