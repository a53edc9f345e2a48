import type { EpisodeState } from "#domain/channels/publication.ts";
import { channelTopic, workspaceTopic } from "#domain/live.ts";
import { announcementsFor } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";

interface ChannelRef {
  id: string;
  workspaceId: string;
}

const topicsOf = ({ id, workspaceId }: ChannelRef) => [channelTopic(id), workspaceTopic(workspaceId)];

/** That something of a channel changed, for its open pages and the lists of its workspace. */
export const channelChanged = (channel: ChannelRef): Announcement[] =>
  announcementsFor(topicsOf(channel), "channel.changed", { channelId: channel.id });

/** That a channel is gone, for the same. */
export const channelDeleted = (channel: ChannelRef): Announcement[] =>
  announcementsFor(topicsOf(channel), "channel.deleted", { channelId: channel.id });

interface ToldEpisode {
  id: string;
  channelId: string;
  videoId: string;
  state: string;
}

/** That an episode's state, words or sound changed, for its channel's pages. */
export const episodeChanged = ({ id, channelId, videoId, state }: ToldEpisode): Announcement => ({
  topic: channelTopic(channelId),
  type: "episode.changed",
  data: { channelId, videoId, episodeId: id, state: state as EpisodeState, published: state === "published" },
});
