import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import { expectChannelFile, keepChannelFile } from "#records/channels/files.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import type { WebDeps } from "../deps.ts";
import { readCover } from "./cover.ts";
import { makeJingle } from "./jingle.ts";

interface Asked {
  /** Of the file. */
  id: string;
  userId: string;
  channelId: string;
}

/**
 * Makes a file that has come whole the channel's intro or outro: as episodes take it, not as it came. False: the channel is
 * gone, and nothing of it stays.
 */
export async function keepJingle(
  deps: Pick<WebDeps, "prisma" | "media" | "log">,
  asked: Asked,
  { kind, fileName, path }: { kind: JingleKind; fileName: string; path: string },
): Promise<boolean> {
  const output = `${path}.mp3`;
  try {
    const { durationMs } = await makeJingle(deps, { kind, fileName, input: path, output });
    const bytes = (await stat(output)).size;
    const sha256 = createHash("sha256")
      .update(await readFile(output))
      .digest("hex");
    const said = { kind, fileName, mediaType: "audio/mpeg", durationMs, bytes, sha256 };
    return await keep(deps, asked, output, said);
  } finally {
    await rm(output, { force: true });
  }
}

/** The same of its cover, which stays as it came. */
export async function keepCover(
  deps: Pick<WebDeps, "prisma" | "media">,
  asked: Asked,
  { fileName, path, sha256 }: { fileName: string; path: string; sha256: string },
): Promise<boolean> {
  return keep(deps, asked, path, { kind: "cover", fileName, sha256, ...(await readCover({ path, fileName })) });
}

async function keep(
  { prisma, media }: Pick<WebDeps, "prisma" | "media">,
  { id, ...asked }: Asked,
  path: string,
  said: Omit<Parameters<typeof keepChannelFile>[2], "id">,
): Promise<boolean> {
  const { channelId } = asked;
  const key = channelFileKey(channelId, id);
  // Whoever is killed from here on leaves nothing for ever.
  await expectChannelFile(prisma, { channelId, fileId: id });
  await media.putFile(key, path);
  const isKept = await keepChannelFile(prisma, asked, { id, ...said });
  if (!isKept) await media.removeAll(key);
  return isKept;
}
