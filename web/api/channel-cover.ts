import { z } from "zod";
import { coverWidths, mostCoverBytes } from "#domain/channels/channel-file.ts";
import { channelOf } from "#records/channels/channels.ts";
import { removeChannelFile } from "#records/channels/files.ts";
import { newId } from "#records/ids.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import { notFound } from "../http/problem.ts";
import { keepCover } from "../uploads/channel-file.ts";
import { coverTooLarge } from "../uploads/cover.ts";
import { allowUpload, cleanFileName } from "../uploads/intake.ts";
import { receiveFile } from "../uploads/receive.ts";
import { channelNotFound, requireChannelWriter } from "./channel-access.ts";
import { ChannelCover } from "./channel-schemas.ts";
import { sendObject } from "./recording-media.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

const on = { tag: "Channels", access: "user", params: IdParams } as const;
const readsOnly = { description: "Your role lets you read only" };
const { least, most } = coverWidths;

export const channelCoverRoutes = [
  route({
    ...on,
    method: "post",
    path: "/channels/:id/cover",
    summary: `Give a channel's podcast a cover: JPEG or PNG, square, ${least} to ${most} pixels wide`,
    multipart: z.object({ file: z.string().meta({ format: "binary" }) }),
    answers: {
      201: { description: "It is in the feed, and in episodes that are made from now on", body: ChannelCover },
      403: readsOnly,
      413: { description: `The file is larger than ${mostCoverBytes / 1024} kB` },
      415: { description: "This is no form with a file" },
      422: { description: "It is no JPEG or PNG, not square, too small or too large" },
      507: { description: "Your recordings fill the space you have, or the server has no room left" },
    },
    async handle({ deps, actor, params: { id: channelId }, request }) {
      const { userId } = actor;
      await requireChannelWriter({ deps, actor }, channelId);
      const allowed = await allowUpload(deps, actor);
      const limits =
        allowed.maxBytes < mostCoverBytes ? allowed : { maxBytes: mostCoverBytes, refusal: coverTooLarge() };
      const id = newId();
      return receiveFile(deps, { request, id, limits }, async ({ file, path }) => {
        const said = { fileName: cleanFileName(file.fileName), sha256: file.sha256, path };
        if (!(await keepCover(deps, { id, userId, channelId }, said))) throw channelNotFound();
        const kept = (await channelOf(deps.prisma, userId, channelId))?.cover;
        if (!kept) throw channelNotFound();
        return { status: 201, body: kept };
      });
    },
  }),

  route({
    ...on,
    method: "get",
    path: "/channels/:id/cover",
    summary: "The cover that a channel was given",
    answers: { 200: { description: "The picture", mediaType: ["image/jpeg", "image/png"] } },
    async handle({ deps: { prisma, media }, actor, params: { id: channelId }, response }) {
      const file = (await channelOf(prisma, actor.userId, channelId))?.cover;
      if (!file) throw notFound();
      response.set({
        "Content-Type": file.mediaType,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "sandbox",
      });
      await sendObject(media, channelFileKey(channelId, file.id), { range: undefined, response });
      return null;
    },
  }),

  route({
    ...on,
    method: "delete",
    path: "/channels/:id/cover",
    summary: "Remove a channel's cover; its podcast has its source's then, if that has one",
    answers: { 204: { description: "It is gone" }, 403: readsOnly },
    async handle({ deps, actor, params: { id: channelId } }) {
      await requireChannelWriter({ deps, actor }, channelId);
      if (!(await removeChannelFile(deps.prisma, { userId: actor.userId, channelId }, "cover"))) throw notFound();
      return { status: 204 };
    },
  }),
];
