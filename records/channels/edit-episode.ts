import type { EpisodeChange } from "#domain/inputs/channel.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import { episodeChanged } from "./channel-announcements.ts";

/** Gives an episode a person's words, which its source's do not replace any more. False: not there, or not theirs. */
export async function editEpisode(
  prisma: PrismaClient,
  { userId, id }: { userId: string; id: string },
  change: EpisodeChange,
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const found = await tx.episode.findFirst({
      where: { id, channel: writableBy(userId) },
      select: { channel: { select: { workspaceId: true } } },
    });
    if (found === null) return false;
    const { title, description } = change;
    const episode = await tx.episode.update({
      where: { id },
      data: {
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        editedAt: new Date(),
      },
    });
    const { workspaceId } = found.channel;
    await audit(tx, { workspaceId, actorId: userId, action: "episode.edit", subject: id });
    await announce(tx, [episodeChanged(episode)]);
    return true;
  });
}
