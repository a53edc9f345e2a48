import { z } from "zod";
import { VideoDetails, VideoOfRecording } from "#domain/inputs/channel.ts";
import { addRecordingVideo } from "#records/channels/uploads.ts";
import { newId } from "#records/ids.ts";
import { invalidRequest } from "../http/errors.ts";
import { notFound } from "../http/problem.ts";
import { allowUpload, cleanFileName } from "../uploads/intake.ts";
import { storeVideoFile } from "../uploads/store-upload.ts";
import { receiveFile } from "../uploads/receive.ts";
import { channelNotFound, requireUploadChannel } from "./channel-access.ts";
import { route } from "./route.ts";
import { Id, IdParams } from "./schemas.ts";

const Added = z.object({ jobId: Id, videoId: Id }).meta({ id: "AddedVideo" });

export const channelUpload = route({
  method: "post",
  path: "/channels/:id/videos",
  summary: "Put a file into a channel of own files; by JSON: a recording of its workspace, which stays as it is",
  tag: "Channels",
  access: "user",
  params: IdParams,
  multipart: VideoDetails.extend({ file: z.string().meta({ format: "binary" }) }),
  orJson: VideoOfRecording,
  answers: {
    202: { description: "The file is stored and its job will start, also while Temporal is down", body: Added },
    200: { description: "The channel has these very bytes, or this recording, already; as this", body: Added },
    403: { description: "Your role lets you read only" },
    404: { description: "There is no such channel, or no such recording in its workspace" },
    409: { description: "The channel is read from a source and takes no files" },
    413: { description: "The file is larger than this server allows" },
    415: { description: "This is no form with a file" },
    507: { description: "Your recordings fill the space you have, or the server has no room left" },
  },
  async handle({ deps, actor, params: { id: channelId }, request }) {
    const { userId } = actor;
    await requireUploadChannel({ deps, actor }, channelId);
    const limits = await allowUpload(deps, actor);
    if (request.is("json") !== false && request.is("json") !== null) {
      const asked = VideoOfRecording.safeParse(request.body ?? {});
      if (!asked.success) throw invalidRequest(asked.error);
      return answer(await addRecordingVideo(deps.prisma, { channelId, userId, ...asked.data }), notFound);
    }
    const id = newId();
    return receiveFile(deps, { request, id, limits }, async ({ file, fields, path }) => {
      const details = VideoDetails.safeParse(fields);
      if (!details.success) throw invalidRequest(details.error);
      const { sha256, sizeBytes } = file;
      const said = { fileName: cleanFileName(file.fileName), details: details.data };
      return answer(
        await storeVideoFile(deps, path, { id, channelId, userId, sha256, sizeBytes, ...said }),
        channelNotFound,
      );
    });
  },
});

function answer(added: Awaited<ReturnType<typeof addRecordingVideo>>, gone: () => Error) {
  if (added === null) throw gone();
  const { isNew, ...body } = added;
  return { status: isNew ? 202 : 200, body };
}
