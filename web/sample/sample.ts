import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "#records/ids.ts";
import { mediaKeys, mediaPrefix } from "#records/media/media-store.ts";
import { createRecording } from "#records/conversations/recordings.ts";
import type { WebDeps } from "../deps.ts";
import { openCoach } from "./sample-call.ts";
import { sampleFile } from "./file-name.ts";
import clip from "./sample-meeting.mp3?inline";

/**
 * Makes the shipped meeting a recording of a workspace, or finds the one that it already is there. Gives its id. The
 * first time an agent to talk with comes beside it.
 */
export async function openSample(
  { prisma, media }: Pick<WebDeps, "prisma" | "media">,
  { userId, workspaceId }: { userId: string; workspaceId: string },
): Promise<string> {
  const bytes = Buffer.from(clip.slice(clip.indexOf(",") + 1), "base64");
  const id = newId();
  const mediaKey = mediaKeys(id).original;
  const folder = await mkdtemp(join(tmpdir(), "convene-sample-"));
  try {
    const path = join(folder, "sample.mp3");
    await writeFile(path, bytes);
    await media.putFile(mediaKey, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const made = await createRecording(prisma, {
    id,
    ownerId: userId,
    workspaceId,
    title: "Sample meeting",
    language: "en",
    fileName: sampleFile,
    mediaKey,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    speakerCount: null,
    allowDuplicate: false,
  });
  if (made.duplicate) await media.removeAll(mediaPrefix(id));
  else await openCoach(prisma, { userId, workspaceId });
  return made.id;
}
