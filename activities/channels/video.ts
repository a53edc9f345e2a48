import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import { judgementOf } from "#domain/channels/judgement/judgement.ts";
import { addSpend } from "#records/accounts/model-costs.ts";
import { decisionOf, storeDecision, storeMix } from "#records/channels/decisions.ts";
import { keepDownloaded } from "#records/channels/downloads.ts";
import { storeEpisode } from "#records/channels/episodes.ts";
import type { PrismaClient } from "#records/db.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { failure } from "../clients/child.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import type { ContentReader } from "../clients/analyst/content/content-reader.ts";
import type { Sources } from "../clients/sources/sources.ts";
import { findRecording } from "../media.ts";
import type { MediaLimits } from "../media.ts";
import type { SpeechTools } from "../speech.ts";
import { createRunStage } from "../stage.ts";
import type { StageInput } from "../stage.ts";
import { fetchVideoFile } from "./fetch-file.ts";
import type { DownloadLimits } from "./fetch-file.ts";
import { judgeVideo } from "./judge.ts";
import { makeAudio } from "./make-audio.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  guardedFetch: GuardedFetch;
  mediaLimits: MediaLimits;
  speech: SpeechTools;
  sources: Sources;
  downloadLimits: DownloadLimits;
  contentReader?: ContentReader | null;
  spendLimitCents: number | null;
}

const firstRevision = 1;

/** The stages of a video's job that no recording has: its file is fetched, and its episode made and stored. */
export function createVideoActivities(deps: Deps) {
  const { prisma, media, log, speech } = deps;
  const runStage = createRunStage({ prisma, log });

  // It has passed the stage in which a reader would be paid for.
  async function judgeByStructure({ runId }: StageInput, video: Awaited<ReturnType<typeof findVideo>>) {
    const options = { signal: cancellationSignal(), onProgress: () => undefined };
    return (await judgeVideo({ prisma, spendLimitCents: null }, { runId, video }, options)).decision;
  }

  return {
    /** Fetches a video's file. What is there already is not fetched again. */
    async downloadVideo(input: StageInput): Promise<void> {
      await runStage("downloading", input, async ({ signal, progress }) => {
        const video = await findVideo(prisma, input.conversationId);
        if (!speech.engine.supports(video.channel.language)) throw failure("language_unsupported");
        const isThere = (await prisma.recording.count({ where: { id: video.id } })) > 0;
        const fetched = isThere ? null : await fetchVideoFile(deps, video, { runId: input.runId, signal, progress });
        await prisma.$transaction(async (tx) => {
          if (fetched !== null) await keepDownloaded(tx, video, fetched);
          await endStage(tx, { ...input, stage: "downloading" }, "completed", "");
        });
      });
    },

    /** Judges which part of a video is the content, and whether it may go out by itself. */
    async judgeEpisode(input: StageInput): Promise<void> {
      await runStage("decision", input, async ({ signal, progress }) => {
        const video = await findVideo(prisma, input.conversationId);
        const judged = await judgeVideo(deps, { runId: input.runId, video }, { signal, onProgress: progress });
        const { decision, costCents, notes } = judged;
        await prisma.$transaction(async (tx) => {
          if (costCents > 0) await addSpend(tx, video.channel.workspaceId, costCents);
          for (const note of notes) await addWarning(tx, input.runId, note);
          await storeDecision(tx, { videoId: video.id, revision: firstRevision }, decision);
          const told = `${decision.should_autopublish ? "Sure" : "Not sure"} (${decision.confidence})`;
          await endStage(tx, { ...input, stage: "decision" }, "completed", told);
        });
      });
    },

    /** Makes the audio that listeners get: what was judged to be the content. A later try writes the same again. */
    async makeEpisodeAudio(input: StageInput): Promise<void> {
      await runStage("audio_processing", input, async (context) => {
        const video = await findVideo(prisma, input.conversationId);
        const { id: videoId, channelId, title, publishedAt, channel } = video;
        const of = { videoId, revision: firstRevision };
        // A job that began before there was a judge has not been judged.
        const decision = (await decisionOf(prisma, of)) ?? (await judgeByStructure(input, video));
        const content = { fromMs: decision.startMs, toMs: decision.endMs };
        const tags = { title, album: channel.title, publishedAt };
        const { mix, notes } = await makeAudio(deps, { ...of, channelId, content, tags }, context);
        await prisma.$transaction(async (tx) => {
          await storeDecision(tx, of, decision);
          await storeMix(tx, of, mix);
          for (const note of notes) await addWarning(tx, input.runId, note);
          await endStage(tx, { ...input, stage: "audio_processing" }, "completed", "");
        });
      });
    },

    /** Stores the episode, which goes out or is held as its channel says. */
    async storeEpisode(input: StageInput): Promise<void> {
      await runStage("uploading", input, async () => {
        const video = await findVideo(prisma, input.conversationId);
        const decision = await decisionOf(prisma, { videoId: video.id, revision: firstRevision });
        const audioKey = episodeAudioKey(video.id, firstRevision);
        const audioBytes = await media.size(audioKey);
        // What was made before there was a judge is the whole file.
        const durationMs = decision?.sound?.durationMs ?? (await findRecording(prisma, video.id)).durationMs;
        if (audioBytes === null || durationMs === null) throw failure("media_missing");
        const audio = { audioKey, audioBytes, durationMs, audioType: "audio/mpeg" };
        await prisma.$transaction(async (tx) => {
          await storeEpisode(tx, video, audio, decision === null ? null : judgementOf(decision));
          await endStage(tx, { ...input, stage: "uploading" }, "completed", "");
        });
      });
    },
  };
}

/** The video with its channel; a run without one has been deleted. */
async function findVideo(prisma: PrismaClient, id: string) {
  const video = await prisma.video.findUnique({ where: { id }, include: { channel: true, recording: true } });
  if (video === null) throw ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
  return video;
}
