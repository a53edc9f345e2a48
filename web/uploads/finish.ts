import { z } from "zod";
import { FileDetails } from "#domain/inputs/recording.ts";
import type { Upload } from "#prisma/generated/client.ts";
import { findExistingRecording } from "#records/conversations/existing-recording.ts";
import type { ExistingRecording } from "#records/conversations/existing-recording.ts";
import { refuseUnlessGiven } from "../api/awaited.ts";
import { channelNotFound } from "../api/channel-access.ts";
import type { WebDeps } from "../deps.ts";
import { notFound } from "../http/problem.ts";
import { cutNoteOf, Refused } from "./cut-note.ts";
import { titleOf } from "./intake.ts";
import { storeRecording, storeSound, storeVideo } from "./store-upload.ts";
import type { StoredUpload } from "./store-upload.ts";
import { mediaKeyOf } from "./media-key.ts";
import type { PartStore } from "./part-store.ts";

/** What became of an upload, as its last answer tells it. */
export interface FinishedUpload extends StoredUpload {
  /** Where it was there already: as what. */
  there: ExistingRecording | null;
}

/** What the upload's row keeps between its steps, so that a crash in between costs no byte and makes no second. */
const UploadDetails = FileDetails.extend({
  allowDuplicate: z.boolean(),
  sha256: z.string().optional(),
  /** The recording that waits for this sound, where there is one. */
  recordingId: z.string().optional(),
  /** The channel whose video it becomes, where it is to be one. */
  channelId: z.string().optional(),
  refused: Refused.optional(),
});

/**
 * Turns a whole upload into a recording, once however often it is asked to and wherever it was stopped before: the
 * recording has the upload's id, the hash is kept in the row, and each step finds what the one before has left.
 */
export function createFinisher({ prisma, media }: Pick<WebDeps, "prisma" | "media">, parts: PartStore) {
  const underWay = new Map<string, Promise<StoredUpload>>();

  async function finish(id: string): Promise<StoredUpload> {
    const upload = await prisma.upload.findUnique({ where: { id } });
    if (upload === null) throw notFound();
    if (upload.conversationId !== null) return { conversationId: upload.conversationId, duplicate: upload.duplicate };
    const finished = await become(upload);
    await prisma.upload.update({ where: { id }, data: { ...finished, finishedAt: new Date() } });
    await parts.clear(id);
    return finished;
  }

  async function become(upload: Upload): Promise<StoredUpload> {
    const { id } = upload;
    const details = UploadDetails.parse(upload.metadata);
    const { sha256, sizeBytes } =
      details.sha256 === undefined
        ? await parts.measure(upload)
        : { sha256: details.sha256, sizeBytes: Number(upload.sizeBytes) };
    if (details.sha256 === undefined) {
      const data = { metadata: { ...details, sha256 }, sizeBytes, deferred: false };
      await prisma.upload.update({ where: { id }, data });
    }
    const { recordingId, channelId } = details;
    const mediaKey = mediaKeyOf(upload);
    const cutNote = cutNoteOf(details.refused, sizeBytes);
    await parts.place(upload);
    if (recordingId !== undefined) {
      const sound = { mediaKey, fileName: upload.fileName, sha256, sizeBytes, cutNote };
      const given = await storeSound({ prisma, media }, recordingId, sound);
      if (given !== "given") {
        // Nobody will ever want it, so it is not tried again.
        await prisma.upload.deleteMany({ where: { id } });
        refuseUnlessGiven(given);
      }
      return { conversationId: recordingId, duplicate: false };
    }
    if (await prisma.recording.findUnique({ where: { id }, select: { id: true } })) {
      return { conversationId: id, duplicate: false };
    }
    const { userId, workspaceId, fileName } = upload;
    if (channelId !== undefined) {
      const video = { id, channelId, userId, fileName, sha256, sizeBytes, details, cutNote };
      const added = await storeVideo({ prisma, media }, { ...video, mediaKey });
      if (added !== null) return { conversationId: added.videoId, duplicate: added.videoId !== id };
      await prisma.upload.deleteMany({ where: { id } });
      throw channelNotFound();
    }
    const { allowDuplicate } = details;
    const file = { id, userId, workspaceId, fileName, sha256, sizeBytes, details, cutNote, allowDuplicate };
    return storeRecording({ prisma, media }, { ...file, mediaKey });
  }

  async function tell(id: string): Promise<FinishedUpload> {
    const running = underWay.get(id) ?? finish(id).finally(() => underWay.delete(id));
    underWay.set(id, running);
    const finished = await running;
    if (!finished.duplicate) return { ...finished, there: null };
    const { metadata, fileName } = await prisma.upload.findUniqueOrThrow({ where: { id } });
    const said = UploadDetails.parse(metadata);
    return {
      ...finished,
      there: await findExistingRecording(prisma, finished.conversationId, said, titleOf({}, fileName)),
    };
  }

  return tell;
}
