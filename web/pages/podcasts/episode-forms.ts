import { data } from "react-router";
import { z } from "zod";
import { episodeAsks } from "#domain/channels/publication.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { channelOf } from "#records/channels/channels.ts";
import { changeEpisode, episodeOf } from "#records/channels/episodes.ts";
import type { PrismaClient } from "#records/db.ts";
import { mustParse } from "../forms.ts";
import { settleFor } from "../outcome.ts";
import type { Said } from "../outcome.ts";

const Intent = z.object({ intent: z.enum(episodeAsks) });

const missing = "There is no such episode, or it is not yours. It may have been deleted.";
export const unknownEpisode = () => data(missing, { status: 404 });
const settle = settleFor(missing);

interface EpisodeAsker {
  prisma: PrismaClient;
  userId: string;
  channelId: string;
  /** Of the episode. */
  id: string;
}

/** Does what a button of an episode's page asks. */
export async function actOnEpisode({ prisma, userId, channelId, id }: EpisodeAsker, form: FormData): Promise<Said> {
  const channel = await channelOf(prisma, userId, channelId);
  const episode = await episodeOf(prisma, userId, id);
  if (channel === null || episode?.channelId !== channelId) throw unknownEpisode();
  const role = await roleIn(prisma, userId, channel.workspaceId);
  if (role === null || !writingRoles.includes(role))
    throw data("Viewers of a workspace cannot change its episodes.", { status: 403 });
  const { intent } = mustParse(Intent, form);
  return settle(await changeEpisode(prisma, { userId, id }, intent));
}
