import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import { findCut, storeCut } from "#records/channels/cuts.ts";
import type { CutRow } from "#records/channels/cuts.ts";
import { decisionOf, storeDecision, storeMix } from "#records/channels/decisions.ts";
import type { PrismaClient } from "#records/db.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { failure } from "../clients/child.ts";
import type { GuardedFetch } from "../clients/guarded-fetch.ts";
import type { MediaLimits } from "../media.ts";
import { createRunStage } from "../stage.ts";
import type { StageInput } from "../stage.ts";
import { makeAudio } from "./make-audio.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  guardedFetch: GuardedFetch;
  mediaLimits: MediaLimits;
}

/** What is said of a person's cut where nothing was ever judged of its episode. */
const notJudged = { should_autopublish: false, confidence: 0, reasons: [] };

/** The stages of another cut of an episode: its sound is made anew from the file, and given to listeners. */
export function createCutActivities(deps: Deps) {
  const { prisma, media, log } = deps;
  const runStage = createRunStage({ prisma, log });
  return {
    /** Makes the sound of the cut. A later try writes the same again. */
    async makeCutAudio(input: StageInput): Promise<void> {
      await runStage("audio_processing", input, async (context) => {
        const cut = await existing(prisma, input.runId);
        const { revision, startMs, endMs, episode } = cut;
        const { channelId, videoId, title, channel, video } = episode;
        const of = { videoId, revision };
        const tags = { title, album: channel.title, publishedAt: video.publishedAt };
        const content = { fromMs: startMs, toMs: endMs };
        const { mix, notes } = await makeAudio(deps, { ...of, channelId, content, tags }, context);
        // What was judged holds for the file; where listeners' part begins and ends a person has said.
        const judged = (await decisionOf(prisma, { videoId, revision: episode.revision })) ?? notJudged;
        await prisma.$transaction(async (tx) => {
          await storeDecision(tx, of, { ...judged, startMs, endMs });
          await storeMix(tx, of, mix);
          for (const note of notes) await addWarning(tx, input.runId, note);
          await endStage(tx, { ...input, stage: "audio_processing" }, "completed", "");
        });
      });
    },

    /** Gives the cut to listeners in place of the one before. */
    async storeCut(input: StageInput): Promise<void> {
      await runStage("uploading", input, async () => {
        const cut = await existing(prisma, input.runId);
        const of = { videoId: cut.episode.videoId, revision: cut.revision };
        const audioKey = episodeAudioKey(of.videoId, of.revision);
        const audioBytes = await media.size(audioKey);
        const durationMs = (await decisionOf(prisma, of))?.sound?.durationMs;
        if (audioBytes === null || durationMs === undefined) throw failure("media_missing");
        await prisma.$transaction(async (tx) => {
          await storeCut(tx, cut, { audioKey, audioBytes, durationMs, audioType: "audio/mpeg" });
          await endStage(tx, { ...input, stage: "uploading" }, "completed", "");
        });
      });
    },
  };
}

/** A run without its cut has been deleted with the episode. */
async function existing(prisma: PrismaClient, runId: string): Promise<CutRow> {
  const cut = await findCut(prisma, runId);
  if (cut === null) throw ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
  return cut;
}
