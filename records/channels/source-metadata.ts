import type { Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { episodeChanged } from "./channel-announcements.ts";

/** Gives episodes the title and description that their source has now for these items, unless a person worded them. */
export async function takeOverWords(tx: Tx, channelId: string, externalIds: readonly string[]): Promise<void> {
  const changed = await tx.$queryRaw<{ id: string; videoId: string; state: string }[]>`
    UPDATE episode SET title = video.title, description = video.description, updated_at = clock_timestamp()
    FROM video
    WHERE video.id = episode.video_id AND video.channel_id = ${channelId}::uuid
      AND video.external_id = ANY(${[...externalIds]}::text[]) AND episode.edited_at IS NULL
      AND (episode.title, episode.description) IS DISTINCT FROM (video.title, video.description)
    RETURNING episode.id, episode.video_id AS "videoId", episode.state`;
  await announce(
    tx,
    changed.map((episode) => episodeChanged({ ...episode, channelId })),
  );
}
