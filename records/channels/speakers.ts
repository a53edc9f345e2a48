import type { Db, Tx } from "../db.ts";

/** What people read of a speaker whom nobody has named is no name, though somebody has typed it. */
const noName = String.raw`^speaker\s*\d*$`;

/**
 * Whom people named of those who are heard in a channel's published episodes, as they come in each; by the episode's id.
 * Who is cut out is not there, as in its transcript.
 */
export async function namedSpeakers(db: Db, channelId: string): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ episodeId: string; name: string }[]>`
    SELECT episode.id AS "episodeId", speaker.display_name AS name
    FROM episode
    JOIN speaker ON speaker.conversation_id = episode.video_id AND speaker.display_name !~* ${noName}
    LEFT JOIN episode_decision AS decision
      ON decision.video_id = episode.video_id AND decision.revision = episode.revision
    CROSS JOIN LATERAL (
      SELECT min("fromMs") / 1000 AS begins, max("toMs") / 1000 AS ends
      FROM jsonb_to_recordset(decision.parts) AS part(source text, "fromMs" float8, "toMs" float8)
      WHERE source = 'content'
    ) AS content
    CROSS JOIN LATERAL (
      SELECT start_seconds FROM transcript_segment AS segment
      WHERE segment.conversation_id = episode.video_id AND coalesce(segment.label, segment.speaker) = speaker.label
        -- What was made before episodes were cut is whole; within the content only silence is cut.
        AND (decision.parts IS NULL OR (start_seconds < content.ends AND end_seconds > content.begins))
      ORDER BY start_seconds, sequence_number LIMIT 1
    ) AS heard
    WHERE episode.channel_id = ${channelId}::uuid AND episode.state = 'published' AND episode.audio_removed_at IS NULL
    ORDER BY episode.id, heard.start_seconds, name`;
  const grouped = Map.groupBy(rows, ({ episodeId }) => episodeId);
  return new Map([...grouped].map(([id, named]) => [id, [...new Set(named.map(({ name }) => name))]]));
}

/** Notes that an episode's feed may name others as its speakers: apps ask for what changed since they read it last. */
export async function noteSpeakers(tx: Tx, videoId: string): Promise<void> {
  await tx.episode.updateMany({ where: { videoId }, data: { updatedAt: new Date() } });
}
