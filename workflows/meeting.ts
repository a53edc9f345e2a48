import { condition, ParentClosePolicy, startChild } from "@temporalio/workflow";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/common";
import type { OpenedMeeting } from "#activities/meetings.ts";
import { agentWorkflowId } from "#domain/ids.ts";
import { hasBegun, isOver } from "#domain/meeting.ts";
import type { RunState } from "#domain/run.ts";
import { isBefore } from "#domain/stages.ts";
import { timing } from "#domain/timing.ts";
import type { agent } from "./agent.ts";
import { trackCall, isFull, rollOver } from "./call-signals.ts";
import type { Call, CallMemory } from "./call-signals.ts";
import { sendAgentAway, waitForLateWords } from "./late-words.ts";
import type { RunInput } from "./messages.ts";
import { aftermath, bookkeeping, light, localFirst } from "./policies.ts";
import { reasonOf, withRunLifecycle } from "./run-lifecycle.ts";
import type { RunContext } from "./run-lifecycle.ts";

interface MeetingInput extends RunInput {
  /** Set by a roll-over: what the execution before this one knew. */
  memory?: CallMemory;
  carried?: RunState;
}

/**
 * A live meeting, from its creation to its result: waits for the call, stands by while it lasts, collects its last
 * words, reads them, and creates the next session of the plan. One workflow per meeting, one chain of executions per
 * attempt.
 */
export async function meeting(input: MeetingInput): Promise<RunState> {
  const call = trackCall(input.memory);
  const state = await withRunLifecycle(input, async (context) => {
    const attended = isBefore(input.kind, input.resumeFrom, "drain") ? await attend(input, call, context) : null;
    await context.stage("drain", async (ref) => {
      await waitForLateWords(input, call);
      if (attended?.waitsForFile) await condition(() => call.toSequence > 0, timing.providerFileMs);
      await localFirst.collectTranscript({ ...ref, toSequence: call.toSequence });
    });
    let hasPlan = true;
    await context.stage("summary", async (ref) => {
      ({ hasPlan } = await light.summarise({ ...ref, version: input.version }));
    });
    if (hasPlan) await context.stage("progress", (ref) => light.reviewPlan({ ...ref, version: input.version }));
  });
  if (state.status === "completed") await planNext(input);
  else if (state.status === "cancelled") await sendAgentAway(input);
  return state;
}

// Until the call is over. The row follows the facts; nothing here depends on the order in which they came.
async function attend(input: MeetingInput, call: Call, context: RunContext): Promise<OpenedMeeting> {
  const { runId, attempt, conversationId: meetingId } = input;
  const ref = { runId, attempt, meetingId };
  let opened = await bookkeeping.openMeeting(ref);
  call.recall(opened.facts);
  let isBegun = input.carried?.status === "active";
  let stored = opened.facts;
  for (;;) {
    const { facts } = call;
    if (hasBegun(facts) && !isBegun) {
      context.move({ type: "started" });
      await bookkeeping.beginCall({ ...ref, facts });
      context.move({ type: "callBegan" });
      stored = facts;
      isBegun = true;
      // A call that is over already needs nobody to join it.
      if (!isOver(call.facts)) await sendAgent(input);
    }
    if (isOver(call.facts)) {
      await localFirst.endCall({ ...ref, facts: call.facts });
      return opened;
    }
    if (call.facts !== stored) {
      stored = call.facts;
      await bookkeeping.saveCall({ ...ref, facts: stored });
      continue;
    }
    if (isFull()) await rollOver({ ...input, memory: call.memory(), carried: context.state() });
    const { emptySince } = call;
    const due = nextDue(call, opened, isBegun);
    const news = await call.news(due?.at ?? null);
    if (news === "edit") opened = await bookkeeping.openMeeting(ref);
    if (news !== "time" || due === null) continue;
    if (due.what === "reminder") opened = await bookkeeping.remindOfMeeting(ref);
    else if (due.what === "empty") call.hear({ type: "lastPersonLeft", at: emptySince ?? due.at });
    else call.hear({ type: "cutOff", at: due.at });
  }
}

// What comes next by the clock if nothing else does.
function nextDue({ facts, emptySince }: Call, { remindAt, longestMs }: OpenedMeeting, isBegun: boolean) {
  if (!isBegun) return remindAt === null ? null : { what: "reminder" as const, at: remindAt };
  const cutOff = { what: "cutOff" as const, at: (facts.startedAt ?? 0) + longestMs };
  // An empty call goes on for a moment: a person whose tab was lost comes back.
  const empty = { what: "empty" as const, at: (emptySince ?? 0) + timing.emptyCallMs };
  // Who left before the newest session began says nothing of it.
  const isEmpty = emptySince !== null && emptySince >= (facts.lastStartedAt ?? 0);
  return isEmpty && empty.at < cutOff.at ? empty : cutOff;
}

// The link is a child that is left to itself: it must outlive this execution's roll-overs.
async function sendAgent({ conversationId: meetingId, attempt, callsQueue }: MeetingInput): Promise<void> {
  try {
    await startChild<typeof agent>("agent", {
      workflowId: agentWorkflowId(meetingId),
      args: [{ meetingId, attempt, ...(callsQueue === undefined ? {} : { callsQueue }) }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `agent ${meetingId}`,
    });
  } catch (error) {
    // It is in the call already: this execution took over from one that was lost.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

// A finished meeting stays finished: that its next session could not be created is a problem of its own.
async function planNext({ conversationId: meetingId }: MeetingInput): Promise<void> {
  try {
    await aftermath.createNextSession({ meetingId });
  } catch (error) {
    await bookkeeping.noteNextProblem({ meetingId, problem: reasonOf(error) });
  }
}
