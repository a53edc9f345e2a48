import { channelTopic, workspaceTopic } from "#domain/live.ts";
import { tellAll } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";

/** That something of a channel changed, for its open pages and the lists of its workspace. */
export const channelChanged = ({ id, workspaceId }: { id: string; workspaceId: string }): Announcement[] =>
  tellAll([channelTopic(id), workspaceTopic(workspaceId)], "channel.changed", { channelId: id });
