import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { jingleKinds } from "#domain/channels/channel-file.ts";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import { channelFile } from "#records/channels/files.ts";
import type { PrismaClient } from "#records/db.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
}

interface Jingle {
  path: string;
  durationMs: number;
}

/**
 * Copies of a channel's intro and outro as they stand now, in a folder: what a person replaces while an episode is made is
 * in the next one. One whose bytes are lost holds up no episode; `notes` say so.
 */
export async function takeJingles(
  deps: Deps,
  { channelId, folder }: { channelId: string; folder: string },
): Promise<{ jingles: Partial<Record<JingleKind, Jingle>>; notes: string[] }> {
  const jingles: Partial<Record<JingleKind, Jingle>> = {};
  const notes: string[] = [];
  for (const kind of jingleKinds) {
    const taken = await take(deps, { channelId, kind, path: join(folder, kind) });
    if (taken === "lost") notes.push(lostWords(kind));
    else if (taken !== null) jingles[kind] = taken;
  }
  return { jingles, notes };
}

const lostWords = (kind: JingleKind) =>
  `The channel's ${kind} is not in the media store any more, so this was made without it. Upload it again in the channel's settings.`;

async function take(
  { prisma, media }: Deps,
  { channelId, kind, path }: { channelId: string; kind: JingleKind; path: string },
): Promise<Jingle | "lost" | null> {
  for (let missing: string | null = null; ;) {
    const file = await channelFile(prisma, channelId, kind);
    if (file === null || file.durationMs === null) return null;
    // One that is replaced just now loses its bytes, and another one is there.
    if (file.id === missing) return "lost";
    const key = channelFileKey(channelId, file.id);
    const isThere = async () => (await media.size(key)) === file.bytes;
    try {
      if (await isThere()) {
        await using stored = await media.localFile(key);
        await copyFile(stored.path, path);
        return { path, durationMs: file.durationMs };
      }
    } catch (error) {
      if (await isThere()) throw error;
    }
    missing = file.id;
  }
}
