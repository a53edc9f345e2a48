import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { channelFileKinds } from "#domain/channels/channel-file.ts";
import type { ChannelFileKind } from "#domain/channels/channel-file.ts";
import type { ChannelFile } from "#prisma/generated/client.ts";
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

export interface Cover {
  mediaType: string;
  bytes: Buffer;
}

/**
 * Copies of a channel's intro, outro and cover as they stand now, in a folder: what a person replaces while an episode is
 * made is in the next one. One whose bytes are lost holds up no episode; `notes` say so.
 */
export async function takeChannelFiles(
  deps: Deps,
  { channelId, folder }: { channelId: string; folder: string },
): Promise<{ intro: Jingle | null; outro: Jingle | null; cover: Cover | null; notes: string[] }> {
  const notes: string[] = [];
  const taken: Partial<Record<ChannelFileKind, ChannelFile>> = {};
  const pathOf = (kind: ChannelFileKind) => join(folder, kind);
  for (const kind of channelFileKinds) {
    const file = await take(deps, { channelId, kind, path: pathOf(kind) });
    if (file === "lost") notes.push(lostWords(kind));
    else if (file !== null) taken[kind] = file;
  }
  const jingle = (kind: "intro" | "outro") => {
    const durationMs = taken[kind]?.durationMs ?? null;
    return durationMs === null ? null : { path: pathOf(kind), durationMs };
  };
  const { cover } = taken;
  return {
    intro: jingle("intro"),
    outro: jingle("outro"),
    cover: cover ? { mediaType: cover.mediaType, bytes: await readFile(pathOf("cover")) } : null,
    notes,
  };
}

const lostWords = (kind: ChannelFileKind) =>
  `The channel's ${kind} is not in the media store any more, so this was made without it. Upload it again on the channel's page.`;

async function take(
  { prisma, media }: Deps,
  { channelId, kind, path }: { channelId: string; kind: ChannelFileKind; path: string },
): Promise<ChannelFile | "lost" | null> {
  for (let missing: string | null = null; ;) {
    const file = await channelFile(prisma, channelId, kind);
    if (file === null) return null;
    // One that is replaced just now loses its bytes, and another one is there.
    if (file.id === missing) return "lost";
    const key = channelFileKey(channelId, file.id);
    const isThere = async () => (await media.size(key)) === file.bytes;
    try {
      if (await isThere()) {
        await using stored = await media.localFile(key);
        await copyFile(stored.path, path);
        return file;
      }
    } catch (error) {
      if (await isThere()) throw error;
    }
    missing = file.id;
  }
}
