import { z } from "zod";
import { awaitRecording, isAwaited } from "#records/conversations/awaited-recordings.ts";
import type { GiveOutcome } from "#records/conversations/awaited-recordings.ts";
import { newId } from "#records/ids.ts";
import { laterOriginal } from "#records/media/media-store.ts";
import { isId } from "#domain/ids.ts";
import { conversationTitle } from "#domain/inputs/conversation.ts";
import { FileDetails } from "#domain/inputs/recording.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { invalidRequest } from "../http/errors.ts";
import { notFound, Problem } from "../http/problem.ts";
import { allowUpload, cleanFileName } from "../uploads/intake.ts";
import { storeSound } from "../uploads/store-upload.ts";
import { receiveFile } from "../uploads/receive.ts";
import { requireWriter, targetWorkspace } from "./access.ts";
import { route } from "./route.ts";
import { Id, IdParams, Links, linksOf } from "./schemas.ts";

/** What is said of a recording that is made before its sound. */
export const AwaitedDetails = FileDetails.extend({ title: conversationTitle() });

/** A recording without a file, of which nothing but its title has to be known. */
export async function makeAwaited(asked: { deps: WebDeps; actor: Actor }, body: unknown): Promise<string> {
  const details = AwaitedDetails.safeParse(body ?? {});
  if (!details.success) throw invalidRequest(details.error);
  // What has no sound takes no room, but it counts as an upload: somebody could make them without end.
  await allowUpload(asked.deps, asked.actor);
  const workspaceId = await targetWorkspace(asked, details.data.workspaceId);
  return awaitRecording(asked.deps.prisma, {
    ownerId: asked.actor.userId,
    workspaceId,
    title: details.data.title,
    language: details.data.language ?? null,
    speakerCount: details.data.speakers ?? null,
    recordedAt: details.data.recordedAt,
    timeZone: details.data.timeZone,
  });
}

const hasSound = () => new Problem(409, "has_sound", "This recording has its sound already, or was ended.");

/** Refuses a recording that does not wait for sound, and whoever may not bring it. Gives its workspace. */
export async function requireAwaited(asked: { deps: WebDeps; actor: Actor }, id: string): Promise<string> {
  if (!isId(id)) throw notFound();
  const workspaceId = await requireWriter(asked, id);
  if (!(await isAwaited(asked.deps.prisma, id))) throw hasSound();
  return workspaceId;
}

export function refuseUnlessGiven(given: GiveOutcome): void {
  if (given === "gone") throw notFound();
  if (given === "had") throw hasSound();
}

export const awaitedSound = route({
  method: "post",
  path: "/recordings/:id/audio",
  summary: "Bring the sound of a recording that was made without a file; its run starts",
  tag: "Recordings",
  access: "user",
  params: IdParams,
  multipart: z.object({ file: z.string().meta({ format: "binary" }) }),
  answers: {
    202: {
      description: "The sound is stored and the recording's run will start",
      body: z.object({ id: Id, status: z.literal("pending"), links: Links }),
    },
    409: { description: "It has its sound already, or was ended" },
    413: { description: "The file is larger than this server allows" },
    507: { description: "Your recordings fill the space you have, or the server has no room left" },
  },
  async handle({ deps, actor, params, request }) {
    const { media } = deps;
    const id = params.id.toLowerCase();
    await requireAwaited({ deps, actor }, id);
    const limits = await allowUpload(deps, actor);
    const uploadId = newId();
    return receiveFile(deps, { request, id: uploadId, limits }, async ({ file, path }) => {
      const { sha256, sizeBytes } = file;
      const mediaKey = laterOriginal(id, uploadId);
      await media.putFile(mediaKey, path);
      const fileName = cleanFileName(file.fileName);
      refuseUnlessGiven(await storeSound(deps, id, { mediaKey, fileName, sha256, sizeBytes }));
      return { status: 202, body: { id, status: "pending", links: linksOf(id) } };
    });
  },
});
