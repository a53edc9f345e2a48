import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Recorder } from "#prisma/generated/client.ts";
import { isoOf } from "#domain/recorded.ts";
import { momentIn } from "#domain/recorded-in-file.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { createRecording } from "#records/conversations/recordings.ts";
import { timeZoneOf } from "#records/accounts/time-zones.ts";
import type { OfferedRecording } from "./clients/bots/bot-provider.ts";
import { fetchOffered } from "./clients/calls/offered-file.ts";
import { failure } from "./clients/child.ts";
import type { GuardedFetch } from "./clients/guarded-fetch.ts";
import { sha256Of } from "./sha256.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  scratchDir: string;
  guardedFetch: GuardedFetch;
}

const mostBytes = 2 * 1024 ** 3;

/**
 * Fetches what a bot recorded and makes it a recording of the workspace, under the visit's id. `providerUrl` is the
 * provider's own address, where its files may lie too.
 */
export async function keepBotRecording(
  { prisma, media, scratchDir, guardedFetch }: Deps,
  { id, ownerId, workspaceId, title, language, joinedAt, startsAt }: Recorder & { ownerId: string },
  offered: OfferedRecording & { providerUrl: string },
  signal: AbortSignal,
): Promise<void> {
  await mkdir(scratchDir, { recursive: true });
  const folder = await mkdtemp(join(scratchDir, "bot-"));
  try {
    const path = join(folder, "file");
    await fetchOffered(guardedFetch, path, { ...offered, mostBytes, signal });
    const { size } = await stat(path);
    if (size === 0) throw failure("empty_file");
    const sha256 = await sha256Of(createReadStream(path));
    const mediaKey = mediaKeys(id).original;
    // The store takes the file away.
    await media.putFile(mediaKey, path);
    await createRecording(prisma, {
      id,
      ownerId,
      workspaceId,
      title,
      language,
      fileName: `${title}.mp3`,
      mediaKey,
      sha256,
      sizeBytes: size,
      speakerCount: null,
      recordedAt: isoOf(momentIn(joinedAt ?? startsAt, await timeZoneOf(prisma, ownerId))),
      allowDuplicate: true,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
