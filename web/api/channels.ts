import { z } from "zod";
import {
  channelOf,
  channelsOf,
  createChannel,
  deleteChannel,
  pauseChannel,
  requestCheck,
  startVideo,
  updateChannel,
} from "#records/channels/channels.ts";
import type { ChannelView } from "#records/channels/channel-view.ts";
import { episodesOf, isEpisodeOf } from "#records/channels/episodes.ts";
import { idleVideos } from "#records/channels/videos.ts";
import { ChannelChange, channelDraft, NewChannel, tooManyChannels } from "#domain/inputs/channel.ts";
import { conflict, notFound, Problem } from "../http/problem.ts";
import { feedAddress } from "../podcasts/feed-address.ts";
import { targetWorkspace } from "./access.ts";
import { requireChannelWriter, requireFeed, requirePolledSource } from "./channel-access.ts";
import { Channel, Episode, Video } from "./channel-schemas.ts";
import { route } from "./route.ts";
import type { RouteContext } from "./route.ts";
import { cursorQuery, IdParams, listOf } from "./schemas.ts";

/** Most of a channel's items, or episodes, that are listed. */
const mostVideos = 500;

const EpisodesQuery = z.object({
  ...cursorQuery,
  limit: z.coerce.number().int().min(1).max(mostVideos).default(mostVideos),
});

type Asked = Pick<RouteContext<{ id: string }, unknown, unknown>, "deps" | "actor" | "params">;

const tag = "Channels";
const on = { tag, access: "user", params: IdParams } as const;

const shown = ({ key, ...channel }: ChannelView, publicUrl: string) => ({
  ...channel,
  feedUrl: feedAddress(publicUrl, key),
});

/** The channel as it is answered. */
async function answer({ deps: { prisma, env }, actor, params: { id } }: Asked) {
  const channel = await channelOf(prisma, actor.userId, id);
  if (channel === null) throw notFound();
  return shown(channel, env.PUBLIC_URL);
}

export const channelRoutes = [
  route({
    method: "get",
    path: "/channels",
    summary: "The channels of your workspaces",
    tag,
    access: "user",
    answers: { 200: { description: "All of them", body: listOf(Channel) } },
    async handle({ deps: { prisma, env }, actor }) {
      const channels = await channelsOf(prisma, actor.userId);
      return { status: 200, body: { items: channels.map((each) => shown(each, env.PUBLIC_URL)), nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/channels",
    summary:
      "Add a channel: a feed, which is looked at at once and whose new items become episodes, or one for own files",
    tag,
    access: "user",
    body: NewChannel,
    answers: {
      201: { description: "The channel", body: Channel },
      403: { description: "Your role lets you read only" },
      404: { description: "There is no such workspace, or it is not yours" },
      409: { description: "The workspace has as many channels as it may" },
    },
    async handle({ deps, actor, body }) {
      const workspaceId = await targetWorkspace({ deps, actor }, body.workspaceId);
      const id = await createChannel(deps.prisma, { ...channelDraft(body), userId: actor.userId, workspaceId });
      if (id === null) throw new Problem(409, "too_many_channels", tooManyChannels);
      return { status: 201, body: await answer({ deps, actor, params: { id } }) };
    },
  }),

  route({
    ...on,
    method: "get",
    path: "/channels/:id",
    summary: "A channel, and how reading it goes",
    answers: { 200: { description: "The channel", body: Channel } },
    handle: async (asked) => ({ status: 200, body: await answer(asked) }),
  }),

  route({
    ...on,
    method: "patch",
    path: "/channels/:id",
    summary: "Change a channel; what is in line already stays as it was ordered",
    body: ChannelChange,
    answers: {
      200: { description: "The channel", body: Channel },
      403: { description: "Your role lets you read only" },
      409: { description: "It has files that are put into it by hand, and no address" },
    },
    async handle(asked) {
      const channel = await requireChannelWriter(asked, asked.params.id);
      const { deps, actor, params, body } = asked;
      if (body.url !== undefined) requireFeed(channel);
      if (!(await updateChannel(deps.prisma, actor.userId, params.id, body))) throw notFound();
      return { status: 200, body: await answer(asked) };
    },
  }),

  route({
    ...on,
    method: "delete",
    path: "/channels/:id",
    summary: "Delete a channel with its jobs, transcripts and episodes",
    answers: { 204: { description: "It is gone" }, 403: { description: "Your role lets you read only" } },
    async handle(asked) {
      await requireChannelWriter(asked, asked.params.id);
      if (!(await deleteChannel(asked.deps.prisma, asked.actor.userId, asked.params.id))) throw notFound();
      return { status: 204 };
    },
  }),

  route({
    ...on,
    method: "post",
    path: "/channels/:id/check",
    summary: "Look at a channel's source now",
    answers: {
      202: { description: "It will be looked at, from how it is now on" },
      403: { description: "Your role lets you read only" },
      409: { description: "Files are put into it by hand" },
    },
    async handle(asked) {
      requirePolledSource(await requireChannelWriter(asked, asked.params.id));
      if (!(await requestCheck(asked.deps.prisma, asked.actor.userId, asked.params.id))) throw notFound();
      return { status: 202 };
    },
  }),

  route({
    ...on,
    method: "post",
    path: "/channels/:id/pause",
    summary: "Stop looking at a channel, or go on; jobs that go on are left to end",
    body: z.object({ paused: z.boolean().default(true) }),
    answers: {
      200: { description: "The channel", body: Channel },
      403: { description: "Your role lets you read only" },
    },
    async handle(asked) {
      await requireChannelWriter(asked, asked.params.id);
      const { deps, actor, params, body } = asked;
      if (!(await pauseChannel(deps.prisma, actor.userId, params.id, body.paused))) throw notFound();
      return { status: 200, body: await answer(asked) };
    },
  }),

  route({
    ...on,
    method: "get",
    path: "/channels/:id/videos",
    summary: "What a channel's source holds that has no job: not begun, or skipped with the reason; newest first",
    answers: { 200: { description: `At most ${mostVideos}`, body: listOf(Video) } },
    async handle(asked) {
      const { id } = await answer(asked);
      return { status: 200, body: { items: await idleVideos(asked.deps.prisma, id, mostVideos), nextCursor: null } };
    },
  }),

  route({
    ...on,
    method: "get",
    path: "/channels/:id/episodes",
    summary: "A channel's episodes by the day their source gives them, newest first",
    query: EpisodesQuery,
    answers: {
      200: { description: `At most ${mostVideos} at a time`, body: listOf(Episode) },
      400: { description: "The episode that `cursor` names is not there any more" },
    },
    async handle(asked) {
      const { id } = await answer(asked);
      const { cursor, limit } = asked.query;
      const { prisma } = asked.deps;
      if (cursor !== undefined && !(await isEpisodeOf(prisma, id, cursor))) {
        throw new Problem(
          400,
          "invalid_request",
          "The episode that `cursor` names is gone. Begin with the first page.",
        );
      }
      const of = { userId: asked.actor.userId, channelId: id };
      const found = await episodesOf(prisma, of, { after: cursor, most: limit + 1 });
      const items = found.slice(0, limit);
      return { status: 200, body: { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null } };
    },
  }),

  route({
    ...on,
    method: "post",
    path: "/channels/:id/videos/:videoId/start",
    summary: "Make an episode of a video that was not begun",
    params: IdParams.extend({ videoId: z.string() }),
    answers: {
      202: { description: "It is in line" },
      403: { description: "Your role lets you read only" },
      409: { description: "It has a job already, or is not there any more" },
    },
    async handle(asked) {
      await requireChannelWriter(asked, asked.params.id);
      const { deps, actor, params } = asked;
      const order = { channelId: params.id, videoId: params.videoId };
      if (!(await startVideo(deps.prisma, actor.userId, order))) {
        throw conflict("It has a job already, or is not there any more.");
      }
      return { status: 202 };
    },
  }),
];
