import { joinVoice } from "#domain/channels/judgement/voice.ts";
import { channelTopic } from "#domain/live.ts";
import { readableBy, roleIn, writingRoles } from "../accounts/access.ts";
import { segmentsOf } from "../conversations/segments.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { detectedSpeech } from "../runs/detected-speech.ts";
import { pendingCut } from "./cuts.ts";
import { decisionOf } from "./decisions.ts";
import { episodeView, shownEpisode } from "./episodes.ts";

const shownGapSeconds = 1;

/**
 * All that a person needs to decide on an episode: what was judged of it, and the words and sound of the whole file it
 * was made from, with the number of its channel's feed of the same instant. Null: not there, not in this channel, or not
 * this person's.
 */
export async function episodeReview(
  prisma: PrismaClient,
  { userId, channelId, id }: { userId: string; channelId: string; id: string },
) {
  return readAtOneInstant(prisma, async (tx) => {
    const found = await tx.episode.findFirst({
      where: { id, channelId, channel: readableBy(userId) },
      select: { ...shownEpisode, channel: { select: { title: true, workspaceId: true, reviewThen: true } } },
    });
    if (found === null) return null;
    const { channel, videoId, revision } = found;
    const role = await roleIn(tx, userId, channel.workspaceId);
    const recording = await tx.recording.findUnique({
      where: { id: videoId },
      select: { durationMs: true, renditionKey: true, peaksKey: true, originalRemovedAt: true },
    });
    const seconds = recording?.renditionKey ? recording.durationMs : null;
    const voice = await detectedSpeech(tx, videoId);
    const topic = channelTopic(channelId);
    return {
      episode: episodeView(found),
      channel: { id: channelId, title: channel.title },
      canWrite: role !== null && writingRoles.includes(role),
      decision: await decisionOf(tx, { videoId, revision }),
      /** The cut that is being made, or was not; null: there is none. */
      cut: await pendingCut(tx, { id, revision }),
      /** The file as it came; null where there is nothing to play of it. */
      source:
        seconds === null
          ? null
          : {
              seconds: seconds / 1000,
              hasPeaks: Boolean(recording?.peaksKey),
              /** Where somebody speaks in it, in seconds; null: nobody has listened for voices. */
              voice: voice === null ? null : joinVoice(voice, shownGapSeconds),
            },
      /** When the file itself was removed; what is played was made of it. */
      originalRemovedAt: recording?.originalRemovedAt ?? null,
      segments: await segmentsOf(tx, videoId),
      speakers: await tx.speaker.findMany({
        where: { conversationId: videoId },
        select: { label: true, displayName: true },
        orderBy: { label: "asc" },
      }),
      feeds: [{ topic, seq: await headOf(tx, topic) }],
    };
  });
}
export type EpisodeReview = NonNullable<Awaited<ReturnType<typeof episodeReview>>>;
