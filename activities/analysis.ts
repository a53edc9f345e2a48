import type { Logger } from "pino";
import { speakerWords } from "#domain/transcript.ts";
import type { PrismaClient } from "#records/db.ts";
import { openAnalysis, storeAnalysis } from "#records/analyses.ts";
import { announce } from "#records/feed.ts";
import { segmentsOf } from "#records/segments.ts";
import { addSpend } from "#records/spend.ts";
import { addWarning, endStage } from "#records/stages.ts";
import type { Analyst } from "./clients/analyst/analyst.ts";
import { failure } from "./clients/child.ts";
import { requireBudget } from "./spend.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";

/** Which analyst reads: by the model a person asked for, or the configured default (null). */
export type ChooseAnalyst = (model: string | null) => Analyst;

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  chooseAnalyst: ChooseAnalyst;
  spendLimitCents: number | null;
}

/** The stage that reads the transcript. Its result replaces what an earlier try of the same version stored. */
export function createAnalysisActivities({ prisma, log, chooseAnalyst, spendLimitCents }: Deps) {
  const runStage = createRunStage({ prisma, log });
  return {
    async summarise(input: StageInput & { version: number }): Promise<void> {
      await runStage("summary", input, async ({ signal, progress }) => {
        const ref = { conversationId: input.conversationId, version: input.version };
        const order = await openAnalysis(prisma, ref);
        const { conversation, request } = await readTranscript(prisma, input.conversationId, order);
        if (request.segments.length === 0) throw failure("no_speech");
        const analyst = chooseAnalyst(order.model);
        if (analyst.id !== "embedded") await requireBudget(prisma, spendLimitCents);
        const { result, costCents } = await analyst.analyse(request, { signal, onProgress: progress });
        await prisma.$transaction(async (tx) => {
          if (costCents > 0) await addSpend(tx, conversation.workspaceId, costCents);
          const { model, promptVersion } = analyst;
          const news = await storeAnalysis(tx, ref, { result, model, promptVersion, costCents });
          await endStage(tx, { ...input, stage: "summary" }, "completed", "");
          for (const note of result.notes) await addWarning(tx, input.runId, note);
          await announce(tx, news);
        });
      });
    },
  };
}

async function readTranscript(
  prisma: PrismaClient,
  conversationId: string,
  order: { template: string; instructions: string },
) {
  const conversation = await prisma.conversation.findUnique({
    where: { id: conversationId },
    select: {
      workspaceId: true,
      language: true,
      createdAt: true,
      startedAt: true,
      speakers: { select: { label: true, displayName: true } },
    },
  });
  if (conversation === null) throw failure("media_missing");
  const names = new Map(conversation.speakers.map(({ label, displayName }) => [label, displayName]));
  const segments = await segmentsOf(prisma, conversationId);
  const spokenOn = (conversation.startedAt ?? conversation.createdAt).toISOString().slice(0, 10);
  return {
    conversation,
    request: {
      segments: segments.map((segment) => ({
        ...segment,
        speaker: names.get(segment.speaker) ?? speakerWords(segment.speaker),
      })),
      spokenOn,
      language: conversation.language,
      template: order.template,
      instructions: order.instructions,
    },
  };
}
