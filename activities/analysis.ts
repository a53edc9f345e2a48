import type { Logger } from "pino";
import { nothingSaid } from "#domain/meeting.ts";
import { planSessions } from "#domain/plan.ts";
import { dayOf, momentOf } from "#domain/recorded.ts";
import { momentIn } from "#domain/recorded-in-file.ts";
import { labelOf, defaultSpeakerName, unclear } from "#domain/transcript.ts";
import type { PrismaClient } from "#records/db.ts";
import { openAnalysis, storeAnalysis, storePlanReading } from "#records/conversations/analyses.ts";
import { announce } from "#records/live/feed.ts";
import { progressOf } from "#records/meetings/meetings.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { addSpend } from "#records/accounts/model-costs.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { timeZoneOf } from "#records/accounts/time-zones.ts";
import type { Analyst } from "./clients/analyst/analyst.ts";
import type { PlanReader, PlanRequest } from "./clients/analyst/plan/plan-reader.ts";
import { failure } from "./clients/child.ts";
import { logRunEnd } from "./run-end.ts";
import { requireBudget } from "./spend-limit.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";

/** Which analyst reads: by the model a person asked for, or the configured default (null). */
export type ChooseAnalyst = (model: string | null) => Analyst;

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  chooseAnalyst: ChooseAnalyst;
  choosePlanReader: (model: string) => PlanReader;
  /** The language model of meetings where a person named none. */
  meetingModel: string;
  spendLimitCents: number | null;
}

/** a meeting in which nothing was said is done all the same, and says so. Not to be told for a read error. */
const nobody: Analyst = {
  id: "nobody",
  model: "none",
  promptVersion: "silence-1",
  analyse: async () => ({
    result: { text: nothingSaid, bullets: [], actionItems: [], notes: [] },
    costCents: 0,
  }),
};

/** The stages that read the transcript. A result replaces what an earlier try of the same version stored. */
export function createAnalysisActivities(deps: Deps) {
  const { prisma, log, chooseAnalyst, choosePlanReader, meetingModel, spendLimitCents } = deps;
  const runStage = createRunStage({ prisma, log });
  return {
    async summarise(input: StageInput & { version: number }): Promise<{ hasPlan: boolean }> {
      return runStage("summary", input, async ({ signal, progress }) => {
        const ref = { conversationId: input.conversationId, version: input.version };
        const order = await openAnalysis(prisma, ref);
        const { conversation, request } = await readTranscript(prisma, input.conversationId, order);
        const isMeeting = conversation.kind === "meeting";
        const isSilent = request.segments.length === 0;
        if (isSilent && !isMeeting) throw failure("no_speech");
        if (isSilent) log.warn({ meetingId: input.conversationId }, "[Processing] nothing was said");
        const analyst = isSilent ? nobody : chooseAnalyst(order.model ?? (isMeeting ? meetingModel : null));
        if (analyst.id === "openai") await requireBudget(prisma, spendLimitCents);
        // A reader that quotes would quote the agent's questions; what people said is what there is to know.
        const read = analyst.id === "embedded" ? { ...request, segments: byPeople(request.segments) } : request;
        const { result, costCents } = await analyst.analyse(read, { signal, onProgress: progress });
        await prisma.$transaction(async (tx) => {
          if (costCents > 0) await addSpend(tx, conversation.workspaceId, costCents);
          const { model, promptVersion } = analyst;
          const news = await storeAnalysis(tx, ref, { result, model, promptVersion, costCents });
          await endStage(tx, { ...input, stage: "summary" }, "completed", "");
          for (const note of result.notes) await addWarning(tx, input.runId, note);
          await announce(tx, news);
        });
        return { hasPlan: planSessions(conversation.meeting?.agent?.blueprintSnapshot).length > 0 };
      });
    },

    /**
     * How far the meeting brought its agent's plan. Summary, progress and the run's end are written in one
     * transaction.
     */
    async reviewPlan(input: StageInput & { version: number }): Promise<void> {
      await runStage("progress", input, async ({ signal, progress }) => {
        const { request, workspaceId, version } = await readPlan(prisma, input);
        const reader = choosePlanReader(meetingModel);
        if (reader.id === "openai") await requireBudget(prisma, spendLimitCents);
        const { reading, costCents } = await reader.generateMeetingAnalysis(request, { signal, onProgress: progress });
        await prisma.$transaction(async (tx) => {
          if (costCents > 0) await addSpend(tx, workspaceId, costCents);
          for (const note of reading.notes) await addWarning(tx, input.runId, note);
          const news = await storePlanReading(
            tx,
            { conversationId: input.conversationId, version },
            reading,
            costCents,
          );
          await endStage(tx, { ...input, stage: "progress" }, "completed", "");
          await endStage(tx, { ...input, stage: "done" }, "completed", "");
          await announce(tx, news);
          await applyRunEvent(tx, input.runId, { type: "completed" }, input.attempt);
        });
        await logRunEnd({ prisma, log }, input.runId);
      });
    },
  };
}

/** What was understood: a mark of what was not is nothing to quote or to sum up. */
const spokenSegments = async (prisma: PrismaClient, conversationId: string) =>
  (await segmentsOf(prisma, conversationId)).filter(({ text }) => text !== unclear);

const byPeople = <Line extends { isAgent: boolean }>(segments: Line[]): Line[] =>
  segments.filter((line) => !line.isAgent);

async function readTranscript(
  prisma: PrismaClient,
  conversationId: string,
  order: { template: string; instructions: string },
) {
  const conversation = await prisma.conversation.findUnique({
    where: { id: conversationId },
    select: {
      kind: true,
      workspaceId: true,
      language: true,
      meeting: { select: { agent: { select: { blueprintSnapshot: true } } } },
      createdAt: true,
      startedAt: true,
      speakers: { select: { label: true, displayName: true } },
      ownerId: true,
      recording: { select: { recordedAt: true, recordedOffset: true, timeZone: true } },
    },
  });
  if (conversation === null) throw failure("media_missing");
  const names = new Map(conversation.speakers.map(({ label, displayName }) => [label, displayName]));
  const segments = await spokenSegments(prisma, conversationId);
  const spokenOn = await dayOfTalk(prisma, conversation);
  return {
    conversation,
    request: {
      segments: segments.map((segment) => ({
        ...segment,
        isAgent: segment.speaker === "agent",
        speaker: names.get(labelOf(segment)) ?? defaultSpeakerName(labelOf(segment)),
      })),
      spokenOn,
      language: conversation.language ?? "",
      template: order.template,
      instructions: order.instructions,
    },
  };
}

/** The day it was said, by the clock there: what "tomorrow" counts from. Where nobody knows, that of the upload. */
async function dayOfTalk(prisma: PrismaClient, talk: Talk): Promise<string> {
  const recorded = talk.recording && momentOf(talk.recording);
  if (recorded) return dayOf(recorded);
  const zone = talk.recording?.timeZone ?? (await timeZoneOf(prisma, talk.ownerId));
  return dayOf(momentIn(talk.startedAt ?? talk.createdAt, zone));
}

interface Talk {
  ownerId: string | null;
  startedAt: Date | null;
  createdAt: Date;
  recording: { recordedAt: Date | null; recordedOffset: number | null; timeZone: string | null } | null;
}

async function readPlan(prisma: PrismaClient, { conversationId, version }: StageInput & { version: number }) {
  const meeting = await prisma.meeting.findUnique({
    where: { id: conversationId },
    include: {
      agent: true,
      conversation: {
        select: { language: true, ownerId: true, speakers: { select: { label: true, displayName: true } } },
      },
    },
  });
  if (meeting === null) throw failure("media_missing");
  const segments = await spokenSegments(prisma, conversationId);
  const agentName = meeting.agent?.name ?? "Agent";
  const names = new Map(meeting.conversation.speakers.map(({ label, displayName }) => [label, displayName]));
  // Another meeting may have gone on with the plan while this one waited.
  const progress = await progressOf(prisma, {
    userId: meeting.conversation.ownerId,
    agentId: meeting.agentId,
    sessions: planSessions(meeting.agent?.blueprintSnapshot),
    own: meeting.progress,
  });
  const request: PlanRequest = {
    meetingId: conversationId,
    sessionName: meeting.sessionName,
    currentProgress: progress,
    segments: segments.map(({ id, speaker, text, label = speaker }) => ({
      id,
      speaker: speaker === "agent" ? "agent" : "user",
      name: speaker === "agent" ? agentName : (names.get(label) ?? defaultSpeakerName(label)),
      text,
    })),
    language: meeting.conversation.language ?? "",
  };
  return { request, workspaceId: meeting.workspaceId, version };
}
