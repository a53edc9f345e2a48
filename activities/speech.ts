import type { Logger } from "pino";
import { alignUtterances } from "#domain/alignment.ts";
import { bySentence } from "#domain/sentences.ts";
import { mayBeForeign } from "#domain/run-warnings.ts";
import { planPieces } from "#domain/pieces.ts";
import { cleanProse } from "#domain/text.ts";
import { unclear } from "#domain/transcript.ts";
import type { Piece, Turn, Utterance } from "#domain/transcript.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { nameSpeakers } from "#records/bot-visits/voices.ts";
import { forgetSlices } from "#records/runs/sound-slices.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { claimPieces, completePiece, openPieces, storePlan } from "#records/runs/pieces.ts";
import type { PlannedPiece } from "#records/runs/pieces.ts";
import { replaceTranscript } from "#records/runs/transcribe-again.ts";
import { failure } from "./clients/child.ts";
import type { SpeechEngine, SpeechSession } from "./clients/speech/engine.ts";
import type { Diarize } from "./clients/speech/diarize.ts";
import { findRecording } from "./media.ts";
import type { MediaLimits } from "./media.ts";
import { stretchesIn } from "./speech-detection.ts";
import type { FindStretches } from "./speech-detection.ts";
import { speechFile } from "./speech-file.ts";
import { knownSpeakers } from "./stable-labels.ts";
import { requireBudget } from "./spend-limit.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";
import { beginTurn, resumeSlices } from "./turn.ts";
import type { TurnEnd, WorkTurn } from "./turn.ts";

/** The speech engine in use, and what finds speech and speakers, chosen in `worker/activity-deps.ts`. */
export interface SpeechTools {
  engine: SpeechEngine;
  findStretches: FindStretches;
  diarize: Diarize;
  /** What a minute of audio costs, in cents; 0 for an engine on this machine. */
  centsPerMinute: number;
}

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  speech: SpeechTools;
  scratchDir: string;
  mediaLimits: MediaLimits;
  spendLimitCents: number | null;
}

/** The stages that recognise speech: who speaks when, and what is said. */
export function createSpeechActivities(deps: Deps) {
  const { prisma, log, speech } = deps;
  const runStage = createRunStage({ prisma, log });

  const openRecording = async (conversationId: string, signal: AbortSignal) => {
    const recording = await findRecording(prisma, conversationId);
    return { recording, file: await speechFile(deps, recording, signal) };
  };

  return {
    /** Finds who speaks when in the whole file, turn by turn. Replaces what an earlier try stored. */
    async diarize(input: StageInput): Promise<TurnEnd> {
      return runStage("diarization", input, async ({ signal, progress }) => {
        if (speech.engine.namesSpeakers) return leaveToProvider(prisma, input, speech.engine.id);
        const turn = beginTurn(input);
        const { recording, file } = await openRecording(input.conversationId, signal);
        await using local = file;
        const found = await speech.diarize({
          speech: local.path,
          ...(recording.speakerCount === null ? {} : { speakers: recording.speakerCount }),
          signal,
          onProgress: (fraction) => progress(fraction),
          runSlices: (kind, runSlice) =>
            resumeSlices(prisma, { conversationId: recording.id, kind, turn, signal, runSlice }),
        });
        if (found === null) return "more";
        await prisma.$transaction(async (tx) => {
          const conversationId = input.conversationId;
          await tx.speakerTurn.deleteMany({ where: { conversationId } });
          await tx.speakerTurn.createMany({
            data: found.turns.map(({ speaker, start, end }, index) => ({
              conversationId,
              index,
              speaker,
              startSeconds: start,
              endSeconds: end,
            })),
          });
          await tx.recording.update({
            where: { id: conversationId },
            data: { speakerMethod: found.method, speakerNote: found.note },
          });
          await forgetSlices(tx, conversationId, ["voices", "left", "right"]);
          await endStage(tx, { ...input, stage: "diarization" }, "completed", `${found.speakers} speakers`);
        });
        return "done";
      });
    },

    /**
     * Recognises the audio piece by piece, as many as one turn has time for, a few at once where the engine can. They are
     * stored in order, each with its segments, its feed events and the claim of the next one in a single transaction, so
     * a crash repeats at most the pieces it struck.
     */
    async transcribe(input: StageInput): Promise<TurnEnd> {
      return runStage("transcription", input, async ({ signal }) => {
        const { conversationId } = input;
        const turn = beginTurn(input);
        const { recording, file } = await openRecording(conversationId, signal);
        await using local = file;
        const session = await speech.engine.open({
          speech: local.path,
          language: recording.conversation.language,
          signal,
        });
        try {
          const turns = await turnsOf(prisma, conversationId);
          const plan = await planOf(prisma, conversationId, { path: local.path, speech, turns, turn, signal });
          if (plan === null) return "more";
          if (plan.length === 0) throw failure("no_speech");
          const open = plan.filter((piece) => !piece.recognised);
          if (recording.conversation.language === null && open.length === plan.length) {
            const foreign = await session.soundsForeign?.(plan);
            if (foreign === "yes") throw failure("language_unsupported");
            if (foreign === "perhaps") await prisma.$transaction((tx) => addWarning(tx, input.runId, mayBeForeign));
          }
          const begin = (piece: PlannedPiece) => {
            const words = recognise(deps, { session, recording, piece, signal });
            // It may fail while an earlier one is waited for, which fails first then.
            words.catch(() => {});
            return { piece, words };
          };
          const first = open.slice(0, speech.engine.piecesAtOnce);
          await claimPieces(prisma, conversationId, first);
          const underWay = first.map(begin);
          let begun = first.length;
          for (let done = plan.length - open.length + 1; ; done += 1) {
            const oldest = underWay.shift();
            if (oldest === undefined) break;
            const { piece } = oldest;
            const utterances = await oldest.words;
            const next = turn.isOver() ? undefined : open[begun];
            await completePiece(
              prisma,
              { ...input, workspaceId: recording.workspaceId },
              {
                piece,
                next: next ?? null,
                segments: alignUtterances(bySentence(orUnclear(utterances, piece)), turns, piece).map(
                  (segment, index) => ({
                    ...segment,
                    sourceKey: `piece:${piece.index}:${index}`,
                  }),
                ),
                isDraft: recording.replaces,
                fraction: done / plan.length,
                costCents: (speech.centsPerMinute * (piece.end - piece.start)) / 60,
                message: `Transcribed ${minutes(piece.end)} of ${minutes(plan.at(-1)?.end ?? 0)} min`,
              },
            );
            if (next === undefined) continue;
            underWay.push(begin(next));
            begun += 1;
          }
          if (begun < open.length) return "more";
        } finally {
          await session.close();
        }
        await prisma.$transaction(async (tx) => {
          if (recording.replaces) await replaceTranscript(tx, conversationId);
          const segments = await tx.transcriptSegment.count({ where: { conversationId } });
          const missed = await tx.transcriptSegment.count({ where: { conversationId, text: unclear } });
          if (segments === missed) throw failure("no_speech");
          await tx.recording.update({ where: { id: conversationId }, data: { speechModel: speech.engine.id } });
          await nameSpeakers(tx, conversationId);
          await endStage(tx, { ...input, stage: "transcription" }, "completed", "");
          await endStage(tx, { ...input, stage: "alignment" }, "completed", `${segments} segments`);
          if (recording.conversation.language === null && !speech.engine.detects) {
            await addWarning(
              tx,
              input.runId,
              `No language was said, and ${speech.engine.id} takes everything for English.`,
            );
          }
          if (missed > 0) await addWarning(tx, input.runId, unclearWarning(missed));
        });
        return "done";
      });
    },

    /** How many pieces are done; more than before means that trying again is worth it. */
    async countRecognised({ conversationId }: StageInput): Promise<number> {
      return prisma.transcriptPiece.count({ where: { conversationId, recognisedAt: { not: null } } });
    },
  };
}

interface Recognising {
  session: SpeechSession;
  recording: Awaited<ReturnType<typeof findRecording>>;
  piece: Piece;
  signal: AbortSignal;
}

async function recognise({ prisma, speech, spendLimitCents }: Deps, work: Recognising): Promise<Utterance[]> {
  const { session, recording, piece, signal } = work;
  signal.throwIfAborted();
  if (speech.centsPerMinute > 0) await requireBudget(prisma, spendLimitCents);
  return session.recognise(piece, speech.engine.namesSpeakers ? await knownSpeakers(prisma, recording) : {});
}

interface Planning {
  path: string;
  speech: SpeechTools;
  turns: Turn[];
  turn: WorkTurn;
  signal: AbortSignal;
}

/**
 * The pieces as planned before, or a plan made now; null where the turn is over before all speech is found. An engine
 * that times its words needs no cuts between speakers.
 */
async function planOf(
  prisma: PrismaClient,
  conversationId: string,
  { path, speech: { engine, findStretches }, turns, turn, signal }: Planning,
): Promise<PlannedPiece[] | null> {
  const known = await openPieces(prisma, conversationId);
  if (known.length > 0) return known;
  const stretches = await stretchesIn(prisma, { conversationId, speech: path, findStretches, turn, signal });
  if (stretches === null) return null;
  const pieces = planPieces(stretches, engine.timesUtterances ? [] : turns, { maxSeconds: engine.maxPieceSeconds });
  const plan = await storePlan(prisma, conversationId, pieces);
  await forgetSlices(prisma, conversationId, ["stretches"]);
  return plan;
}

/** Somebody spoke there: what was not understood is shown, so that people can listen to it, and not left out. */
function orUnclear(utterances: Utterance[], { start, end }: Piece): Utterance[] {
  return utterances.some(({ text }) => cleanProse(text) !== "") ? utterances : [{ text: unclear, start, end }];
}

const unclearWarning = (count: number) =>
  count === 1
    ? `One stretch of speech could not be understood. It is marked "${unclear}" in the transcript.`
    : `${count} stretches of speech could not be understood. They are marked "${unclear}" in the transcript.`;

const minutes = (seconds: number) => Math.max(1, Math.ceil(seconds / 60));

async function leaveToProvider(prisma: PrismaClient, input: StageInput, engine: string): Promise<TurnEnd> {
  await prisma.$transaction(async (tx) => {
    await tx.recording.update({
      where: { id: input.conversationId },
      data: { speakerMethod: "provider", speakerNote: `Speakers are told apart by ${engine}; check names and rename.` },
    });
    await endStage(tx, { ...input, stage: "diarization" }, "completed", `Left to ${engine}`);
  });
  return "done";
}

async function turnsOf(prisma: PrismaClient, conversationId: string): Promise<Turn[]> {
  const rows = await prisma.speakerTurn.findMany({ where: { conversationId }, orderBy: { index: "asc" } });
  return rows.map((row) => ({ speaker: row.speaker, start: row.startSeconds, end: row.endSeconds }));
}
