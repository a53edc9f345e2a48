import { z } from "zod";
import { decisionOf } from "#records/channels/decisions.ts";
import { changeEpisode, episodeOf, episodeSound } from "#records/channels/episodes.ts";
import { EpisodeChange, EpisodeCut } from "#domain/inputs/channel.ts";
import { orderCut } from "#records/channels/cuts.ts";
import { editEpisode } from "#records/channels/edit-episode.ts";
import { episodeAsks } from "#domain/channels/publication.ts";
import type { EpisodeAsk } from "#domain/channels/publication.ts";
import { notFound } from "../http/problem.ts";
import { requireChannelWriter } from "./channel-access.ts";
import { Episode, EpisodeDetail } from "./channel-schemas.ts";
import { settled } from "./outcome.ts";
import { sendObject } from "./recording-media.ts";
import { route } from "./route.ts";
import type { RouteContext } from "./route.ts";
import { Id, IdParams } from "./schemas.ts";

type Asked = Pick<RouteContext<{ id: string }, unknown, unknown>, "deps" | "actor" | "params">;

const on = { tag: "Channels", access: "user", params: IdParams } as const;

async function found({ deps: { prisma }, actor, params: { id } }: Asked) {
  const episode = await episodeOf(prisma, actor.userId, id);
  if (episode === null) throw notFound();
  return episode;
}

/** Whoever may only read the episode's channel is told so. */
async function requireWriter(asked: Asked): Promise<void> {
  const { channelId } = await found(asked);
  await requireChannelWriter(asked, channelId);
}

const summaries: Record<EpisodeAsk, string> = {
  publish: "Give an episode to listeners, also one that was withdrawn or discarded",
  withdraw: "Take a published episode back; who fetched it already may keep it",
  discard: "Say that an episode is not wanted; it is kept, and can still be published",
};

const changeRoute = (ask: EpisodeAsk) =>
  route({
    ...on,
    method: "post",
    path: `/episodes/:id/${ask}`,
    summary: summaries[ask],
    answers: {
      200: { description: "The episode", body: Episode },
      403: { description: "Your role lets you read only" },
      409: { description: "The episode's state does not allow it" },
    },
    async handle(asked) {
      await requireWriter(asked);
      const { deps, actor, params } = asked;
      settled(await changeEpisode(deps.prisma, { userId: actor.userId, id: params.id }, ask));
      return { status: 200, body: await found(asked) };
    },
  });

export const episodeRoutes = [
  route({
    ...on,
    method: "get",
    path: "/episodes/:id",
    summary: "An episode, with what was judged of it",
    answers: { 200: { description: "The episode", body: EpisodeDetail } },
    async handle(asked) {
      const episode = await found(asked);
      const { videoId, revision } = episode;
      const decision = await decisionOf(asked.deps.prisma, { videoId, revision });
      return { status: 200, body: { ...episode, decision } };
    },
  }),

  route({
    ...on,
    method: "get",
    path: "/episodes/:id/audio",
    summary: "An episode's sound, published or not; takes Range",
    answers: {
      200: { description: "All of it", mediaType: "audio/mpeg" },
      206: { description: "The part asked for", mediaType: "audio/mpeg" },
      416: { description: "The part asked for lies outside" },
    },
    async handle({ deps: { prisma, media }, actor, params: { id }, request, response }) {
      const sound = await episodeSound(prisma, actor.userId, id);
      if (sound === null) throw notFound();
      response.set({ "Content-Type": sound.audioType, "Cache-Control": "private, no-cache" });
      await sendObject(media, sound.audioKey, { range: request.headers.range, response });
      return null;
    },
  }),

  route({
    ...on,
    method: "patch",
    path: "/episodes/:id",
    summary: "Word an episode's title or description; its source's are not taken over from then on",
    body: EpisodeChange,
    answers: {
      200: { description: "The episode", body: Episode },
      403: { description: "Your role lets you read only" },
    },
    async handle(asked) {
      await requireWriter(asked);
      const { deps, actor, params, body } = asked;
      if (!(await editEpisode(deps.prisma, { userId: actor.userId, id: params.id }, body))) throw notFound();
      return { status: 200, body: await found(asked) };
    },
  }),

  route({
    ...on,
    method: "post",
    path: "/episodes/:id/cut",
    summary: "Make an episode anew from another part of its file; its present sound stays until then",
    body: EpisodeCut.meta({ description: "Seconds of the file that it was made from" }),
    answers: {
      202: { description: "It is being made", body: z.object({ runId: Id, revision: z.number().int() }) },
      403: { description: "Your role lets you read only" },
      409: { description: "Another cut is being made, or the file does not hold this one" },
    },
    async handle(asked) {
      await requireWriter(asked);
      const { deps, actor, params, body } = asked;
      const { runId, revision } = settled(await orderCut(deps.prisma, { userId: actor.userId, id: params.id }, body));
      return { status: 202, body: { runId, revision } };
    },
  }),

  ...episodeAsks.map(changeRoute),
];
