import type { Logger } from "pino";
import type { Stretch } from "#domain/pieces.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { detectedSpeech, storeDetectedSpeech } from "#records/runs/detected-speech.ts";
import { endStage } from "#records/runs/run-stages.ts";
import { forgetSlices } from "#records/runs/sound-slices.ts";
import { failure } from "./clients/child.ts";
import type { FoundStretches } from "./clients/speech/stretches.ts";
import { findRecording } from "./media.ts";
import type { MediaLimits } from "./media.ts";
import { speechFile } from "./speech-file.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";
import { beginTurn, resumeSlices } from "./turn.ts";
import type { TurnEnd, WorkTurn } from "./turn.ts";

/**
 * Finds where somebody speaks in the next part of a speech WAV, in order, and where the part after it begins, in seconds;
 * null after the last. No part of it is recognised for that.
 */
export type FindStretches = (options: {
  speech: string;
  from?: number;
  signal?: AbortSignal;
}) => Promise<FoundStretches>;

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  speech: { findStretches: FindStretches };
  scratchDir: string;
  mediaLimits: MediaLimits;
}

interface Listening {
  conversationId: string;
  /** The speech WAV's path. */
  speech: string;
  findStretches: FindStretches;
  turn: WorkTurn;
  signal: AbortSignal;
  onProgress?: (heardSeconds: number) => void;
}

/** Where somebody speaks: as it was stored, or else listened for now. Null where the turn is over before all is heard. */
export async function stretchesIn(prisma: PrismaClient, listening: Listening): Promise<Stretch[] | null> {
  const { conversationId, speech, findStretches, turn, signal, onProgress } = listening;
  const known = await detectedSpeech(prisma, conversationId);
  if (known !== null) return known;
  const runSlice = async (from: number) => {
    onProgress?.(from);
    const { stretches, next } = await findStretches({ speech, from, signal });
    return { found: stretches, next };
  };
  return resumeSlices<Stretch>(prisma, { conversationId, kind: "stretches", turn, signal, runSlice });
}

/** The stage that finds where somebody speaks and keeps it, whoever recognises the words and tells speakers apart. */
export function createSpeechDetectionActivities(deps: Deps) {
  const { prisma, log } = deps;
  const runStage = createRunStage({ prisma, log });
  return {
    /** Finds where somebody speaks in the whole file, turn by turn, once: transcription goes by it. */
    async detectSpeech(input: StageInput): Promise<TurnEnd> {
      return runStage("speech_detection", input, async ({ signal, progress }) => {
        const { conversationId } = input;
        const turn = beginTurn(input);
        const recording = await findRecording(prisma, conversationId);
        const seconds = (recording.durationMs ?? 0) / 1000;
        await using local = await speechFile(deps, recording, signal);
        const found = await stretchesIn(prisma, {
          conversationId,
          speech: local.path,
          findStretches: deps.speech.findStretches,
          turn,
          signal,
          onProgress: (heard) => progress(seconds > 0 ? Math.min(0.99, heard / seconds) : 0),
        });
        if (found === null) return "more";
        if (found.length === 0) throw failure("no_speech");
        const spoken = found.reduce((sum, { start, end }) => sum + end - start, 0);
        await prisma.$transaction(async (tx) => {
          await storeDetectedSpeech(tx, conversationId, found);
          await forgetSlices(tx, conversationId, ["stretches"]);
          const told = `Somebody speaks for ${Math.round(spoken)} of ${Math.round(seconds)} seconds`;
          await endStage(tx, { ...input, stage: "speech_detection" }, "completed", told);
        });
        return "done";
      });
    },
  };
}
