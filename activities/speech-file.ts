import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys, mediaPrefix } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { failure } from "./clients/child.ts";
import { transcodeMedia } from "./clients/media/transcode.ts";
import type { MediaLimits } from "./media.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  scratchDir: string;
  mediaLimits: MediaLimits;
}

interface Spoken {
  id: string;
  mediaKey: string;
  speechKey: string | null;
}

/**
 * The decoded sound of a recording as a local file. It stands only while a run needs it: whoever comes later has it
 * decoded again from the original.
 */
export async function speechFile(deps: Deps, recording: Spoken, signal: AbortSignal) {
  const { media } = deps;
  const key = recording.speechKey;
  if (key === null || (await media.size(key)) === null) await decodeAgain(deps, recording, signal);
  return media.localFile(mediaKeys(recording.id).speech);
}

async function decodeAgain(
  { prisma, media, scratchDir, mediaLimits }: Deps,
  { id, mediaKey }: Spoken,
  signal: AbortSignal,
) {
  if ((await media.size(mediaKey)) === null) throw failure("media_missing");
  await mkdir(scratchDir, { recursive: true });
  const outDir = await mkdtemp(join(scratchDir, "speech-"));
  try {
    await using original = await media.localFile(mediaKey);
    const { speech } = await transcodeMedia({ ...mediaLimits, input: original.path, outDir, signal });
    const speechKey = mediaKeys(id).speech;
    const speechBytes = (await stat(speech)).size;
    await media.putFile(speechKey, speech);
    const { count } = await prisma.recording.updateMany({ where: { id }, data: { speechKey, speechBytes } });
    if (count > 0) return;
    // Deleted meanwhile: what was just put into the store would stay for ever.
    await media.removeAll(mediaPrefix(id));
    throw failure("media_missing");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** Removes the decoded sound of a recording. The row says that it is gone only once it is. */
export async function removeSpeech({ prisma, media }: Pick<Deps, "prisma" | "media">, id: string): Promise<void> {
  await media.removeAll(mediaKeys(id).speech);
  await prisma.recording.updateMany({ where: { id }, data: { speechKey: null, speechBytes: null } });
}

/**
 * Removes what runs have left: of completed ones at once, of those that ended otherwise a week later, since somebody may
 * try them again. What a run works on stays.
 */
export async function sweepSpeech(deps: Pick<Deps, "prisma" | "media">, failedBefore: Date): Promise<void> {
  const left = await deps.prisma.$queryRaw<{ id: string }[]>`
    SELECT recording.id FROM recording
    JOIN LATERAL (SELECT status, finished_at FROM run WHERE conversation_id = recording.id AND kind IN ('recording', 'video')
                  ORDER BY created_at DESC LIMIT 1) AS run ON true
    WHERE speech_key IS NOT NULL
      AND (run.status = 'completed' OR (run.status IN ('failed', 'cancelled') AND run.finished_at < ${failedBefore}))
    LIMIT 500`;
  for (const { id } of left) await removeSpeech(deps, id);
}
