import { ApplicationFailure, cancelled, heartbeat } from "@temporalio/activity";
import { agentWorkflowId } from "#domain/ids.ts";
import { noCall } from "#domain/meeting.ts";
import { untilStopped } from "#tests/workflows/fake-activities.ts";
import type { Activities } from "#activities/index.ts";
import type { Client, WorkflowHandle } from "@temporalio/client";
import { botChanged, hangUp, inbox, leaveRequested, rename, transcriptAppended } from "#workflows/messages.ts";
import type { RunInput } from "#workflows/messages.ts";

/** One shape that a run's history can have: how its activities behave, and whether a person cancels it. */
export interface Story {
  input?: Partial<RunInput>;
  activities?: Partial<Activities>;
  cancelIn?: string;
  /** What happens to the run from outside while it goes on. */
  drive?: (run: WorkflowHandle, client: Client) => Promise<unknown>;
  /** Whose history is kept, where it is not the run's own. */
  keep?: (run: WorkflowHandle) => string;
}

/** An activity that no try can mend. */
export const refuse = (type: string) => async () => {
  throw ApplicationFailure.nonRetryable("refused", type);
};

/** Every released shape, by the name of its recorded history. Add one here and run `npx vitest run tests/replay`. */
export const stories: Record<string, Story> = {
  "recording-completed": {},
  "recording-without-speakers": { activities: { diarize: refuse("resource_limit") } },
  "recording-failed": { activities: { transcode: refuse("not_audio") } },
  "recording-retried": { input: { attempt: 2, resumeFrom: "transcription" } },
  "recording-interrupted": { activities: interruptedOnce() },
  "recording-handed-back": { activities: handedBackOnce() },
  "recording-in-turns": { activities: inThreeTurns("transcribe") },
  "recording-cancelled-between-turns": {
    activities: { transcribe: async () => "more" },
    cancelIn: "transcription",
  },
  "recording-listened-to-in-turns": { activities: inThreeTurns("diarize", "transcribe") },
  "recording-deleted": { activities: { transcribe: refuse("run_gone") } },
  "recording-not-indexed": { input: { indexed: false } },
  "recording-second-start": { activities: { claimRun: async () => false } },
  "recording-cancelled": {
    activities: {
      async transcode() {
        const beating = setInterval(() => heartbeat(), 100);
        await cancelled().finally(() => clearInterval(beating));
      },
    },
    cancelIn: "transcode",
  },
  "analysis-completed": { input: { kind: "analysis", version: 2 } },
  "analysis-failed": { input: { kind: "analysis", version: 2 }, activities: { summarise: refuse("model_refused") } },
};

const meeting = { input: { kind: "meeting" as const } };
const plan: Partial<Activities> = { summarise: async () => ({ hasPlan: true }) };
const begun = { id: "d1", event: { type: "callStarted" as const, at: 1_000 } };
const over = { id: "d2", event: { type: "callEnded" as const, at: 2_000 } };
const start = (run: WorkflowHandle) => run.signal(inbox, [begun]);
const end = (run: WorkflowHandle) => run.signal(inbox, [over]);
const inTurn =
  (...steps: NonNullable<Story["drive"]>[]) =>
  async (run: WorkflowHandle, client: Client) => {
    for (const step of steps) {
      await step(run, client);
      await wait(1_500);
    }
  };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const opened = (more: { remindAt?: number; longestMs?: number }): Partial<Activities> => ({
  openMeeting: async () => ({ facts: noCall, remindAt: null, longestMs: 3_600_000, waitsForFile: false, ...more }),
});

Object.assign(stories, {
  "meeting-completed": { ...meeting, drive: inTurn(start, end) },
  "meeting-with-plan": { ...meeting, activities: plan, drive: inTurn(start, end) },
  "meeting-with-words": {
    ...meeting,
    drive: inTurn(
      start,
      (run) => run.signal(transcriptAppended, { toSequence: 20 }),
      (run) => run.signal(inbox, [begun, over, begun]),
    ),
  },
  "meeting-collected-at-hand": { ...meeting, drive: inTurn(start, end) },
  "meeting-collected-later": { ...meeting, activities: collectedLater(), drive: inTurn(start, end) },
  "meeting-left": { ...meeting, drive: inTurn(start, (run) => run.signal(leaveRequested, { at: 1_500 })) },
  "meeting-ended-first": { ...meeting, drive: inTurn(end, start) },
  "meeting-edited": {
    ...meeting,
    drive: inTurn((run) => run.executeUpdate(rename, { args: [{ edit: "e1" }] }), start, end),
  },
  "meeting-edited-while-read": {
    ...meeting,
    activities: slowToOpen(),
    drive: inTurn((run) => run.executeUpdate(rename, { args: [{ edit: "e1" }] }), start, end),
  },
  "meeting-reminded": { ...meeting, activities: opened({ remindAt: 1 }), drive: inTurn(start, end) },
  "meeting-cut-off": { ...meeting, activities: opened({ longestMs: 500 }), drive: inTurn(start) },
  "meeting-emptied": {
    ...meeting,
    drive: inTurn(
      start,
      (run) => run.signal(inbox, [{ id: "p1", event: { type: "personJoined", person: "a", at: 1_100 } }]),
      (run) => run.signal(inbox, [{ id: "p2", event: { type: "personLeft", person: "a", at: 1_200 } }]),
    ),
  },
  "meeting-cancelled-upcoming": { ...meeting, cancelIn: "upcoming" },
  "meeting-cancelled-in-call": { ...meeting, drive: start, cancelIn: "call" },
  "meeting-failed": { ...meeting, activities: { summarise: refuse("key_refused") }, drive: inTurn(start, end) },
  "meeting-retried": { input: { kind: "meeting", attempt: 2, resumeFrom: "progress" }, activities: plan },
  "meeting-without-next": {
    ...meeting,
    activities: { createNextSession: refuse("agent_missing") },
    drive: inTurn(start, end),
  },
  "recorder-completed": { input: { kind: "recorder" }, activities: inTheMeetingFirst() },
  "recorder-waited": {
    input: { kind: "recorder" },
    activities: waitingFirst(),
    drive: (run) => run.signal(botChanged, []),
  },
  "recorder-when-due": {
    input: { kind: "recorder" },
    activities: { openRecorder: dueSoon() },
  },
  "recorder-told-while-looked-at": {
    input: { kind: "recorder" },
    activities: slowToRead(),
    drive: (run) => wait(1_500).then(() => run.signal(botChanged, [])),
  },
  "recorder-not-wanted": {
    input: { kind: "recorder" },
    activities: { deployBot: async () => ({ sent: false, why: "not_wanted" }) },
  },
  "recorder-denied": {
    input: { kind: "recorder" },
    activities: { readBot: async () => ({ state: "failed", reason: "denied", wasIn: false }) },
  },
  "recorder-kept-too-long": {
    input: { kind: "recorder" },
    activities: { ...inTheMeetingFirst(), openRecorder: async () => ({ joinAt: 0, leaveAt: 0 }) },
  },
  "recorder-refused": { input: { kind: "recorder" }, activities: { deployBot: refuse("bot_refused") } },
  "recorder-cancelled": {
    input: { kind: "recorder" },
    activities: { readBot: async () => ({ state: "recording", reason: null, wasIn: true }) },
    cancelIn: "call",
  },
  "recorder-recording-waited-for": {
    input: { kind: "recorder" },
    activities: { isRecordingReady: readyLater() },
    drive: (run) => run.signal(botChanged, []),
  },
  "recorder-retried": { input: { kind: "recorder", attempt: 2, resumeFrom: "collect" } },
  "agent-sent-away": { ...meeting, drive: inTurn(start, end), keep: agentOf },
  "agent-refused": {
    ...meeting,
    activities: { attendCall: refuse("key_refused") },
    drive: inTurn(start, end),
    keep: agentOf,
  },
  "agent-rolled-over": {
    ...meeting,
    activities: { attendCall: oldOnce() },
    drive: inTurn(start, (run, client) => client.workflow.getHandle(agentOf(run)).signal(hangUp), end),
    keep: agentOf,
  },
} satisfies Record<string, Story>);

function agentOf(run: WorkflowHandle): string {
  return agentWorkflowId(run.workflowId.slice("meeting:".length));
}

// Not due yet when it is opened, and nothing is told of it until it is.
function dueSoon(): Activities["openRecorder"] {
  return async () => ({ joinAt: Date.now() + 1_500, leaveAt: Date.now() + 3_600_000 });
}

// Not due yet when it is opened first.
function waitingFirst(): Partial<Activities> {
  let opened = 0;
  return {
    openRecorder: async () => ({
      joinAt: (opened += 1) === 1 ? Date.now() + 2_000 : 0,
      leaveAt: Date.now() + 3_600_000,
    }),
  };
}

// The database is away for the first try, which the workflow's own worker makes.
function collectedLater(): Partial<Activities> {
  let tries = 0;
  return {
    async collectTranscript() {
      tries += 1;
      if (tries === 1) throw ApplicationFailure.nonRetryable("The database is away", "storage_unavailable");
    },
  };
}

// Its first reading is under way when the edit comes.
function slowToOpen(): Partial<Activities> {
  return {
    async openMeeting() {
      await wait(500);
      return { facts: noCall, remindAt: null, longestMs: 3_600_000, waitsForFile: false };
    },
  };
}

// Its first look at the bot is under way when the word of it comes.
function slowToRead(): Partial<Activities> {
  const { readBot } = inTheMeetingFirst();
  return {
    async readBot(ref) {
      await wait(3_000);
      return readBot!(ref);
    },
  };
}

// Not ready when it is asked for the first time.
function readyLater(): Activities["isRecordingReady"] {
  let asked = 0;
  return async () => (asked += 1) > 1;
}

// In the meeting when it is asked for the first time, and out of it the next.
function inTheMeetingFirst(): Partial<Activities> {
  let asked = 0;
  return {
    readBot: async () =>
      (asked += 1) < 3
        ? { state: "recording", reason: null, wasIn: true }
        : { state: "ended", reason: "meeting_ended", wasIn: true },
  };
}

// The first link is as old as it may get; the second stays.
function oldOnce(): Activities["attendCall"] {
  let links = 0;
  return async () => (++links === 1 ? "rollOver" : untilStopped());
}

// Twice others have their turn before it is done.
export function inThreeTurns(...names: ("detectSpeech" | "transcribe" | "diarize")[]): Partial<Activities> {
  return Object.fromEntries(names.map((name) => [name, async ({ turn = 0 }) => (turn < 2 ? "more" : "done")]));
}

// Gets further each time it is interrupted, so the workflow gives it a new budget.
function interruptedOnce(): Partial<Activities> {
  let tries = 0;
  return {
    async transcribe() {
      tries += 1;
      if (tries <= 4) throw ApplicationFailure.create({ message: "cut", type: "stalled", nextRetryDelay: 1 });
      return "done";
    },
    countRecognised: async () => tries,
  };
}

// Its first worker is asked to stop.
function handedBackOnce(): Partial<Activities> {
  let isFirst = true;
  return {
    async transcribe() {
      if (!isFirst) return "done";
      isFirst = false;
      throw ApplicationFailure.nonRetryable("The worker is restarting", "worker_restarting");
    },
  };
}
