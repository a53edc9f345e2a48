import { channelTopic, workspaceTopic } from "#domain/live.ts";
import { tellAll } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";

interface Told {
  id: string;
  workspaceId: string;
}

const topicsOf = ({ id, workspaceId }: Told) => [channelTopic(id), workspaceTopic(workspaceId)];

/** That something of a channel changed, for its open pages and the lists of its workspace. */
export const channelChanged = (channel: Told): Announcement[] =>
  tellAll(topicsOf(channel), "channel.changed", { channelId: channel.id });

/** That a channel is gone, for the same. */
export const channelDeleted = (channel: Told): Announcement[] =>
  tellAll(topicsOf(channel), "channel.deleted", { channelId: channel.id });
