import type { ChannelFileKind } from "#domain/channels/channel-file.ts";
import type { ChannelFile } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { enqueue } from "../queues/outbox.ts";
import { channelChanged } from "./channel-announcements.ts";

/** As long as an upload may take from its first byte in the media store to its row. */
const settledAfterMs = 60 * 60_000;

interface Asked {
  userId: string;
  channelId: string;
}

export interface ChannelFileView {
  id: string;
  fileName: string;
  bytes: number;
  mediaType: string;
  durationSeconds: number | null;
  width: number | null;
  createdAt: Date;
}

/** A channel's file of a kind, of all that it has. Null: none. */
export function fileView(files: readonly ChannelFile[], kind: ChannelFileKind): ChannelFileView | null {
  const file = files.find((each) => each.kind === kind);
  if (file === undefined) return null;
  const { id, fileName, bytes, mediaType, durationMs, width, createdAt } = file;
  return {
    id,
    fileName,
    bytes,
    mediaType,
    width,
    createdAt,
    durationSeconds: durationMs === null ? null : durationMs / 1000,
  };
}

/** A channel's file of a kind. Whose the channel is has to be known before. Null: none. */
export const channelFile = (db: Db, channelId: string, kind: ChannelFileKind): Promise<ChannelFile | null> =>
  db.channelFile.findUnique({ where: { channelId_kind: { channelId, kind } } });

/** Sees to it that bytes which are about to be stored do not stay where they never become the channel's. */
export const expectChannelFile = (prisma: PrismaClient, file: { channelId: string; fileId: string }): Promise<void> =>
  prisma.$transaction((tx) => settle(tx, file, new Date(Date.now() + settledAfterMs)));

type NewFile = Pick<ChannelFile, "id" | "fileName" | "mediaType" | "bytes" | "sha256"> &
  Partial<Pick<ChannelFile, "durationMs" | "width">> & { kind: ChannelFileKind };

/** Makes a file that lies in the media store the channel's, in place of the one before. False: the channel is gone. */
export const keepChannelFile = (prisma: PrismaClient, { userId, channelId }: Asked, file: NewFile): Promise<boolean> =>
  changing(prisma, { userId, channelId }, async (tx) => {
    await removeIn(tx, channelId, file.kind);
    await tx.channelFile.create({ data: { ...file, channelId, ownerId: userId } });
    return `channel.${file.kind}`;
  });

/** Takes a file from a channel. What was made with it stays as it is. False: there is none. */
export const removeChannelFile = (prisma: PrismaClient, asked: Asked, kind: ChannelFileKind): Promise<boolean> =>
  changing(prisma, asked, async (tx) =>
    (await removeIn(tx, asked.channelId, kind)) ? `channel.${kind}-remove` : null,
  );

async function removeIn(tx: Tx, channelId: string, kind: ChannelFileKind): Promise<boolean> {
  const file = await channelFile(tx, channelId, kind);
  if (file === null) return false;
  await tx.channelFile.delete({ where: { id: file.id } });
  await settle(tx, { channelId, fileId: file.id }, null);
  return true;
}

async function settle(tx: Tx, payload: { channelId: string; fileId: string }, notBefore: Date | null): Promise<void> {
  // In line alone: what is looked at in an hour would hold up what is to go now.
  const dedupeKey = `channel-file:${payload.fileId}:${notBefore === null ? "gone" : "kept"}`;
  const row = { kind: "channel-file.settle", dedupeKey, partitionKey: dedupeKey, payload } as const;
  await enqueue(tx, notBefore === null ? row : { ...row, notBefore });
}

async function changing(
  prisma: PrismaClient,
  { userId, channelId }: Asked,
  change: (tx: Tx) => Promise<string | null>,
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // One at a time; and whoever deletes the channel waits, or has done so.
    await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${channelId}::uuid FOR UPDATE`;
    const channel = await tx.channel.findFirst({ where: { id: channelId, ...writableBy(userId) } });
    if (channel === null) return false;
    const action = await change(tx);
    if (action === null) return false;
    // Its feed is another from here on.
    await tx.channel.update({ where: { id: channelId }, data: { updatedAt: new Date() } });
    await audit(tx, { workspaceId: channel.workspaceId, actorId: userId, action, subject: channelId });
    await announce(tx, channelChanged(channel));
    return true;
  });
}
