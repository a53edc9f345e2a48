import { writingRoles } from "#records/accounts/access.ts";
import { channelOf } from "#records/channels/channels.ts";
import type { ChannelView } from "#records/channels/channel-view.ts";
import { isId } from "#domain/ids.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { conflict, notFound } from "../http/problem.ts";
import { requireRole } from "./access.ts";

interface Asked {
  deps: Pick<WebDeps, "prisma">;
  actor: Pick<Actor, "userId">;
}

/** Refuses whoever may not see the channel (404) or may not change it (403). */
export async function requireChannelWriter({ deps, actor }: Asked, id: string): Promise<ChannelView> {
  const channel = isId(id) ? await channelOf(deps.prisma, actor.userId, id) : null;
  if (channel === null) throw notFound();
  await requireRole({ deps, actor }, channel.workspaceId, writingRoles);
  return channel;
}

/** Refuses besides a channel that takes no files. Gives its workspace. */
export async function requireUploadChannel(asked: Asked, id: string): Promise<string> {
  const { source, workspaceId } = await requireChannelWriter(asked, id);
  if (source !== "upload") {
    throw conflict("This channel is read from its source. Add a channel of own files, and put this file there.");
  }
  return workspaceId;
}

/** Refuses to look for what is new where nothing comes by itself. */
export function requirePolledSource({ source }: Pick<ChannelView, "source">): void {
  if (source === "upload") throw conflict("Files are put into this channel by hand; there is no address to look at.");
}

/** Refuses another address where the address is what the channel is. */
export function requireFeed(channel: Pick<ChannelView, "source">): void {
  requirePolledSource(channel);
  if (channel.source !== "feed") throw conflict("A channel of YouTube keeps its address. Add another channel instead.");
}

/** The channel was deleted, or taken from its sender, while the file was on its way. */
export const channelNotFound = notFound;
