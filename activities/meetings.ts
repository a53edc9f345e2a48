import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import { hasBegun } from "#domain/meeting.ts";
import type { CallFacts } from "#domain/meeting.ts";
import { endGaps, giveUpOnGap } from "#records/meetings/transcript-gaps.ts";
import { orderCallEnd } from "#records/meetings/call-end.ts";
import { notifyCallEnd } from "#records/meetings/call-ends.ts";
import { callNotes } from "#records/meetings/call-notes.ts";
import { announce } from "#records/live/feed.ts";
import type { PrismaClient, Tx } from "#records/db.ts";
import { AgentNotFound, createNextMeeting, factsOf, saveAgentState, saveFacts } from "#records/meetings/meetings.ts";
import type { AgentState } from "#records/meetings/meetings.ts";
import { remindOwner } from "#records/meetings/reminders.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { failure } from "./clients/child.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  /** Longest a call may last, in milliseconds; then it is taken for over. */
  longestCallMs: number;
  /** Whether what is said in this meeting's call is kept as it is said. */
  collectsLive(meeting: { id: string; provider: string }): boolean;
}

interface MeetingRef {
  runId: string;
  meetingId: string;
  attempt: number;
}

/** What a meeting's workflow needs to know of its row. Times are milliseconds since the epoch. */
export interface OpenedMeeting {
  facts: CallFacts;
  /** When to remind its owner; null: no more. */
  remindAt: number | null;
  longestMs: number;
  /** Nothing is collected in the call: the transcript is the file that its provider offers after the end. */
  waitsForFile: boolean;
}

const remindAheadMs = 10 * 60_000;

/** Bookkeeping of a meeting around its call. Every one may run again with the same effect. */
export function createMeetingActivities({ prisma, log, longestCallMs, collectsLive }: Deps) {
  const runStage = createRunStage({ prisma, log });

  const opened = async (meetingId: string): Promise<OpenedMeeting> => {
    const row = await prisma.meeting.findUnique({ where: { id: meetingId } });
    if (row === null) throw failure("media_missing");
    const { scheduledAt, remindedAt } = row;
    const isPast = scheduledAt !== null && scheduledAt.getTime() < Date.now();
    return {
      facts: factsOf(row),
      remindAt: scheduledAt === null || remindedAt !== null || isPast ? null : scheduledAt.getTime() - remindAheadMs,
      longestMs: longestCallMs,
      waitsForFile: !(row.collectsLive ?? collectsLive(row)),
    };
  };

  return {
    openMeeting: ({ meetingId }: MeetingRef): Promise<OpenedMeeting> => opened(meetingId),

    async remindOfMeeting({ meetingId }: MeetingRef): Promise<OpenedMeeting> {
      await prisma.$transaction((tx) => remindOwner(tx, meetingId));
      return opened(meetingId);
    },

    /** The call has begun: the run becomes active, by the provider's own time. */
    async beginCall({ runId, meetingId, attempt, facts }: MeetingRef & { facts: CallFacts }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        if (!(await exists(tx, meetingId))) return;
        const news = await saveFacts(tx, meetingId, facts);
        await applyRunEvent(tx, runId, { type: "started" }, attempt);
        await applyRunEvent(tx, runId, { type: "callBegan" }, attempt);
        await announce(tx, news);
      });
      log.info({ meetingId }, "[Webhook] call began");
    },

    async saveCall({ meetingId, facts }: MeetingRef & { facts: CallFacts }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        if (!(await exists(tx, meetingId))) return;
        await announce(tx, await saveFacts(tx, meetingId, facts));
      });
    },

    /** The call is over: processing starts with this commit. */
    async endCall({ runId, meetingId, attempt, facts }: MeetingRef & { facts: CallFacts }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        if (!(await exists(tx, meetingId)) || !hasBegun(facts)) return;
        const news = await saveFacts(tx, meetingId, facts);
        await tx.meeting.updateMany({
          where: { id: meetingId, processingStartedAt: null },
          data: { processingStartedAt: new Date() },
        });
        await applyRunEvent(tx, runId, { type: "stage", stage: "drain" }, attempt);
        await announce(tx, news);
        await notifyCallEnd(tx, meetingId);
      });
      log.info({ meetingId }, "[Processing] call is over, processing starts");
    },

    /**
     * Says that what was said is collected, once it is: every segment up to the one the agent's link told of is
     * stored. A gap is reported, never passed over in silence.
     */
    async collectTranscript(input: StageInput & { toSequence: number }): Promise<void> {
      const { conversationId, runId, toSequence } = input;
      await runStage("drain", input, async () => {
        // The agent has given up its last words: nobody else is to stay in a call that is over.
        await prisma.$transaction(async (tx) => {
          await endGaps(tx, conversationId);
          await orderCallEnd(tx, conversationId);
        });
        const stored = await prisma.transcriptSegment.count({ where: { conversationId } });
        if (stored === 0) await mustBeHeard(prisma, conversationId);
        await prisma.$transaction(async (tx) => {
          const { nextSequence } = await tx.conversation.findUniqueOrThrow({
            where: { id: conversationId },
            select: { nextSequence: true },
          });
          const told = Math.max(toSequence, nextSequence - 1);
          if (stored < told) await addWarning(tx, runId, `${told - stored} parts of the transcript are missing.`);
          for (const note of await callNotes(tx, conversationId)) await addWarning(tx, runId, note);
          await tx.meeting.updateMany({ where: { id: conversationId }, data: { transcriptCollected: true } });
          await endStage(tx, { runId, stage: "drain" }, "completed", `${stored} segments`);
        });
      });
    },

    async noteAgent({
      meetingId,
      state,
      message,
    }: {
      meetingId: string;
      state: AgentState;
      message: string;
    }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        await saveAgentState(tx, meetingId, { state, message });
        if (state === "failed") await giveUpOnGap(tx, meetingId);
        if (state === "left") await endGaps(tx, meetingId);
      });
    },

    /** Once per meeting and session of the plan, however often this runs. */
    async createNextSession({ meetingId }: { meetingId: string }): Promise<void> {
      try {
        const next = await prisma.$transaction((tx) => createNextMeeting(tx, meetingId));
        if (next?.created) log.info({ meetingId, nextId: next.id }, "[Processing] next session created");
      } catch (error) {
        if (error instanceof AgentNotFound) throw failure("agent_missing");
        throw error;
      }
    },

    async noteNextProblem({ meetingId, problem }: { meetingId: string; problem: string }): Promise<void> {
      await prisma.meeting.updateMany({ where: { id: meetingId }, data: { nextProblem: problem } });
      log.warn({ meetingId }, "[Processing] next session could not be created");
    },
  };
}

// Silence is a result only where somebody was there to hear it. Trying again at once would hear no more.
async function mustBeHeard(prisma: PrismaClient, meetingId: string): Promise<void> {
  const meeting = await prisma.meeting.findUniqueOrThrow({ where: { id: meetingId } });
  if (meeting.heardAt !== null) return;
  const { message, type } = failure("not_heard", meeting.agentMessage);
  throw ApplicationFailure.nonRetryable(message, type);
}

// A meeting may be deleted at any moment; whoever still works on it has nothing to write any more.
async function exists(tx: Tx, meetingId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM meeting WHERE id = ${meetingId}::uuid FOR UPDATE`;
  return rows.length > 0;
}
