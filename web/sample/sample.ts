import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "#records/ids.ts";
import type { WebDeps } from "../deps.ts";
import { storeRecordingFile } from "../uploads/store-upload.ts";
import { openCoach } from "./sample-call.ts";
import { sampleFile } from "./file-name.ts";
import clip from "./sample-meeting.mp3?inline";

/**
 * Makes the shipped meeting a recording of a workspace, or finds the one that it already is there. Gives its id. The
 * first time an agent to talk with comes beside it.
 */
export async function openSample(
  deps: Pick<WebDeps, "prisma" | "media">,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<string> {
  const bytes = Buffer.from(clip.slice(clip.indexOf(",") + 1), "base64");
  const folder = await mkdtemp(join(tmpdir(), "convene-sample-"));
  try {
    const path = join(folder, "sample.mp3");
    await writeFile(path, bytes);
    const kept = await storeRecordingFile(deps, path, {
      id: newId(),
      userId,
      workspaceId,
      fileName: sampleFile,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      sizeBytes: bytes.length,
      details: { title: "Sample meeting", language: "en" },
      allowDuplicate: false,
    });
    if (!kept.duplicate) await openCoach(deps.prisma, { userId, workspaceId });
    return kept.conversationId;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
