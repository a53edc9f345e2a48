import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { recordedMoment } from "#domain/recorded-in-file.ts";
import type { PrismaClient, Tx } from "#records/db.ts";
import { mediaKeys, mediaPrefix } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { forgetDetectedSpeech } from "#records/runs/detected-speech.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { timeZoneOf } from "#records/accounts/time-zones.ts";
import { failure } from "./clients/child.ts";
import { transcodeMedia } from "./clients/media/transcode.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";
import type { SpeechTools } from "./speech.ts";

export interface MediaLimits {
  /** Longest recording, in seconds. */
  maxDurationSeconds: number;
  /** Most time that decoding one file may take, in milliseconds. */
  deadlineMs: number;
  /** Most memory that decoding one file may take, in megabytes. */
  maxRssMb: number;
}

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  mediaLimits: MediaLimits;
  speech: SpeechTools;
}

/** The stages that deal with the file itself. */
export function createMediaActivities({ prisma, media, log, scratchDir, mediaLimits, speech }: Deps) {
  const runStage = createRunStage({ prisma, log });
  return {
    /** Refuses before any work what could not succeed: a file that is gone, a language nobody here understands. */
    async checkUpload(input: StageInput): Promise<void> {
      await runStage("upload", input, async () => {
        const recording = await findRecording(prisma, input.conversationId);
        if (!speech.engine.supports(recording.conversation.language)) throw failure("language_unsupported");
        const size = await media.size(recording.mediaKey);
        if (size === null || size !== Number(recording.sizeBytes)) throw failure("media_missing");
        await prisma.$transaction((tx) => endStage(tx, { ...input, stage: "upload" }, "completed", ""));
      });
    },

    /** Makes of the uploaded file what the later stages and the page's player need. */
    async transcode(input: StageInput): Promise<void> {
      await runStage("transcode", input, async ({ signal, progress }) => {
        const recording = await findRecording(prisma, input.conversationId);
        const { mediaKey } = recording;
        await mkdir(scratchDir, { recursive: true });
        const outDir = await mkdtemp(join(scratchDir, "transcode-"));
        try {
          await using original = await media.localFile(mediaKey);
          const made = await transcodeMedia({
            ...mediaLimits,
            input: original.path,
            outDir,
            signal,
            onProgress: (fraction) => progress(fraction),
          });
          const keys = mediaKeys(input.conversationId);
          const speechBytes = (await stat(made.speech)).size;
          await media.putFile(keys.speech, made.speech);
          await media.putFile(keys.rendition, made.rendition);
          await media.putFile(keys.peaks, made.peaks);
          await prisma.$transaction(async (tx) => {
            // Deleted meanwhile: what was just put into the store would stay for ever.
            if ((await tx.recording.count({ where: { id: input.conversationId } })) === 0) {
              await media.removeAll(mediaPrefix(input.conversationId));
              return;
            }
            await tx.recording.update({
              where: { id: input.conversationId },
              data: {
                ...made.facts,
                renditionType: made.renditionType,
                speechKey: keys.speech,
                speechBytes,
                renditionKey: keys.rendition,
                peaksKey: keys.peaks,
              },
            });
            await forgetDetectedSpeech(tx, input.conversationId);
            await noteRecordedAt(tx, recording, made.tags);
            const notes = [...(recording.cutNote === null ? [] : [recording.cutNote]), ...made.warnings];
            for (const note of notes) await addWarning(tx, input.runId, note);
            await endStage(tx, { ...input, stage: "transcode" }, "completed", "");
          });
        } finally {
          await rm(outDir, { recursive: true, force: true });
        }
      });
    },
  };
}

/** What a person said of it stands; a file only fills in what nobody said. */
async function noteRecordedAt(
  tx: Tx,
  { id, fileName, timeZone, conversation: { ownerId } }: Awaited<ReturnType<typeof findRecording>>,
  tags: Record<string, string>,
) {
  const zone = timeZone ?? (await timeZoneOf(tx, ownerId));
  const recorded = recordedMoment({ tags, fileName, timeZone: zone });
  if (recorded === null) return;
  await tx.recording.updateMany({
    where: { id, recordedAt: null },
    data: { recordedAt: recorded.at, recordedOffset: recorded.offsetMinutes },
  });
}

/** The recording with what the stages need to know of its conversation; a run without one has been deleted. */
export async function findRecording(prisma: PrismaClient, id: string) {
  const recording = await prisma.recording.findUnique({
    where: { id },
    include: { conversation: { select: { language: true, ownerId: true } } },
  });
  if (recording === null) throw failure("media_missing");
  return recording;
}
