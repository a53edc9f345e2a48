import { data } from "react-router";
import { z } from "zod";
import { episodeAsks } from "#domain/channels/publication.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { channelOf } from "#records/channels/channels.ts";
import { findCut, orderCut } from "#records/channels/cuts.ts";
import { changeEpisode, episodeOf } from "#records/channels/episodes.ts";
import { EpisodeCut } from "#domain/inputs/channel.ts";
import type { PrismaClient } from "#records/db.ts";
import { mustParse, parseFields } from "../forms.ts";
import { cancelRun } from "#records/runs/run-requests.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";

const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.enum(episodeAsks) }),
  z.object({ intent: z.literal("cut"), start: z.coerce.number(), end: z.coerce.number() }),
  z.object({ intent: z.literal("cancelCut"), runId: z.uuid() }),
]);

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
export async function actOnEpisode(
  { prisma, userId, channelId, id }: EpisodeAsker,
  form: FormData,
): Promise<ActionMessage> {
  const channel = await channelOf(prisma, userId, channelId);
  const episode = await episodeOf(prisma, userId, id);
  if (channel === null || episode?.channelId !== channelId) throw unknownEpisode();
  const role = await roleIn(prisma, userId, channel.workspaceId);
  if (role === null || !writingRoles.includes(role))
    throw data("Viewers of a workspace cannot change its episodes.", { status: 403 });
  const asked = mustParse(Intent, form);
  switch (asked.intent) {
    case "cut": {
      const parsed = parseFields(EpisodeCut, asked);
      if (!parsed.ok) return { message: Object.values(parsed.problems).join(" ") };
      return settle(await orderCut(prisma, { userId, id }, parsed.value));
    }
    case "cancelCut": {
      const cut = await findCut(prisma, asked.runId);
      if (cut?.episodeId !== id) throw unknownEpisode();
      return settle(await cancelRun(prisma, userId, asked.runId));
    }
    default:
      return settle(await changeEpisode(prisma, { userId, id }, asked.intent));
  }
}
