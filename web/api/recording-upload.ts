import { z } from "zod";
import { FileDetails } from "#domain/inputs/recording.ts";
import { newId } from "#records/ids.ts";
import { findExistingRecording } from "#records/conversations/existing-recording.ts";
import { invalidRequest } from "../http/errors.ts";
import { notFound } from "../http/problem.ts";
import { describeDuplicate } from "../uploads/duplicate.ts";
import { allowUpload, cleanFileName, titleOf } from "../uploads/intake.ts";
import { storeRecordingFile } from "../uploads/store-upload.ts";
import { receiveFile } from "../uploads/receive.ts";
import { targetWorkspace } from "./access.ts";
import { AwaitedDetails, makeAwaited } from "./awaited.ts";
import { route } from "./route.ts";
import { Id, Links, linksOf } from "./schemas.ts";

const Made = z.object({ id: Id, status: z.literal("pending"), links: Links }).meta({ id: "AwaitedRecording" });
const Accepted = z.object({ id: Id, status: z.literal("pending"), links: Links }).meta({ id: "Accepted" });
const Duplicate = z
  .object({
    id: Id,
    duplicate: z.literal(true),
    title: z.string(),
    language: z.string().nullable(),
    speakers: z.number().int().nullable(),
    differs: z.array(z.enum(["title", "language", "speakers", "recordedAt"])),
    message: z.string(),
    links: Links,
  })
  .meta({ id: "Duplicate" });

export const recordingUpload = route({
  method: "post",
  path: "/recordings",
  summary: "Upload a file and have it transcribed and summarised; by JSON: make a recording whose sound comes later",
  tag: "Recordings",
  access: "user",
  query: z.object({
    duplicate: z.enum(["allow"]).optional().meta({ description: "Keep a second copy of bytes the workspace has" }),
  }),
  multipart: FileDetails.extend({ file: z.string().meta({ format: "binary" }) }),
  orJson: AwaitedDetails,
  answers: {
    201: { description: "Made without a file: it waits for its sound, for a day at most", body: Made },
    202: { description: "The file is stored and its run will start, also while Temporal is down", body: Accepted },
    200: {
      description: "The workspace has these very bytes already, as told; what `differs` of yours was not taken",
      body: Duplicate,
    },
    404: { description: "There is no such workspace, or it is not yours" },
    413: { description: "The file is larger than this server allows" },
    415: { description: "This is no form with a file" },
    507: { description: "Your recordings fill the space you have, or the server has no room left" },
  },
  async handle({ deps, actor, request, query: { duplicate } }) {
    if (request.is("json") !== false && request.is("json") !== null) {
      const id = await makeAwaited({ deps, actor }, request.body);
      return { status: 201, body: { id, status: "pending", links: linksOf(id) } };
    }
    const { prisma } = deps;
    const allowed = await allowUpload(deps, actor);
    const id = newId();
    return receiveFile(deps, { request, id, limits: allowed }, async ({ file, fields, path }) => {
      const details = FileDetails.safeParse(fields);
      if (!details.success) throw invalidRequest(details.error);
      const workspaceId = await targetWorkspace({ deps, actor }, details.data.workspaceId);
      const fileName = cleanFileName(file.fileName);
      const { sha256, sizeBytes } = file;
      const kept = await storeRecordingFile(deps, path, {
        id,
        userId: actor.userId,
        workspaceId,
        fileName,
        sha256,
        sizeBytes,
        details: details.data,
        allowDuplicate: duplicate === "allow",
      });
      if (!kept.duplicate) return { status: 202, body: { id, status: "pending", links: linksOf(id) } };
      const there = await findExistingRecording(prisma, kept.conversationId, details.data, titleOf({}, fileName));
      if (there === null) throw notFound();
      const links = linksOf(kept.conversationId);
      const message = describeDuplicate(there, links.self);
      return { status: 200, body: { id: kept.conversationId, duplicate: true, ...there, message, links } };
    });
  },
});
