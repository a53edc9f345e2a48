import { z } from "zod";
import { jingleKinds, mostJingleBytes, mostJingleSeconds } from "#domain/channels/channel-file.ts";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import { channelOf } from "#records/channels/channels.ts";
import { removeChannelFile } from "#records/channels/files.ts";
import { newId } from "#records/ids.ts";
import { channelFileKey } from "#records/media/media-store.ts";
import { notFound, Problem } from "../http/problem.ts";
import { keepJingle } from "../uploads/channel-file.ts";
import { allowUpload, cleanFileName } from "../uploads/intake.ts";
import { receiveFile } from "../uploads/receive.ts";
import { channelNotFound, requireChannelWriter } from "./channel-access.ts";
import { ChannelSound } from "./channel-schemas.ts";
import { sendObject } from "./recording-media.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

const on = { tag: "Channels", access: "user", params: IdParams } as const;
const readsOnly = { description: "Your role lets you read only" };
const places: Record<JingleKind, string> = { intro: "before", outro: "after" };

const tooLarge = (kind: JingleKind) =>
  new Problem(
    413,
    "too_large",
    `The file is larger than the ${mostJingleBytes / 1024 ** 2} MB that an ${kind} may have.`,
  );

export const channelFileRoutes = jingleKinds.flatMap((kind) => [
  route({
    ...on,
    method: "post",
    path: `/channels/:id/${kind}`,
    summary: `Give a channel the sound that comes ${places[kind]} its episodes from now on, in place of any it has`,
    multipart: z.object({ file: z.string().meta({ format: "binary" }) }),
    answers: {
      201: { description: "It is decoded, and as loud as episodes are", body: ChannelSound },
      403: readsOnly,
      413: { description: `The file is larger than ${mostJingleBytes / 1024 ** 2} MB` },
      415: { description: "This is no form with a file" },
      422: { description: `It is no sound, silent, damaged, or longer than ${mostJingleSeconds} s` },
      507: { description: "Your recordings fill the space you have, or the server has no room left" },
    },
    async handle({ deps, actor, params: { id: channelId }, request }) {
      const { userId } = actor;
      await requireChannelWriter({ deps, actor }, channelId);
      const allowed = await allowUpload(deps, actor);
      const limits =
        allowed.maxBytes < mostJingleBytes ? allowed : { maxBytes: mostJingleBytes, refusal: tooLarge(kind) };
      const id = newId();
      return receiveFile(deps, { request, id, limits }, async ({ file, path }) => {
        const said = { kind, fileName: cleanFileName(file.fileName), path };
        if (!(await keepJingle(deps, { id, userId, channelId }, said))) throw channelNotFound();
        const kept = (await channelOf(deps.prisma, userId, channelId))?.[kind];
        // Another one may have taken its place already; then that is what there is.
        if (!kept) throw channelNotFound();
        return { status: 201, body: kept };
      });
    },
  }),

  route({
    ...on,
    method: "get",
    path: `/channels/:id/${kind}`,
    summary: `A channel's ${kind} as MP3; takes Range`,
    answers: {
      200: { description: "All of it", mediaType: "audio/mpeg" },
      206: { description: "The part asked for", mediaType: "audio/mpeg" },
      416: { description: "The part asked for lies outside" },
    },
    async handle({ deps: { prisma, media }, actor, params: { id: channelId }, request, response }) {
      const file = (await channelOf(prisma, actor.userId, channelId))?.[kind];
      if (!file) throw notFound();
      response.set({ "Content-Type": "audio/mpeg", "Cache-Control": "private, no-cache" });
      await sendObject(media, channelFileKey(channelId, file.id), { range: request.headers.range, response });
      return null;
    },
  }),

  route({
    ...on,
    method: "delete",
    path: `/channels/:id/${kind}`,
    summary: `Remove a channel's ${kind}; episodes that are made keep it`,
    answers: { 204: { description: "It is gone" }, 403: readsOnly },
    async handle({ deps, actor, params: { id: channelId } }) {
      await requireChannelWriter({ deps, actor }, channelId);
      if (!(await removeChannelFile(deps.prisma, { userId: actor.userId, channelId }, kind))) throw notFound();
      return { status: 204 };
    },
  }),
]);
