import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";
import { defineQuery, defineSignal, defineUpdate } from "@temporalio/workflow";
import type { BotEvent } from "#domain/bot-key.ts";
import type { MeetingEvent } from "#domain/call-webhook.ts";
import type { SubjectEvent } from "#domain/inbox.ts";
import type { RunState } from "#domain/run.ts";
import type { RunKind, Stage } from "#domain/stages.ts";

/** What starts a run's workflow. Ids and positions only: no title, no text, since histories outlive deletions. */
export interface RunInput {
  runId: string;
  /** What it works on; of a backfill its channel, which has none. */
  conversationId: string;
  kind: RunKind;
  /** A person's retries, counted from 1. */
  attempt: number;
  /** The first stage to do; earlier ones keep their stored results. */
  resumeFrom: Stage;
  /** Of an `analysis` run: which version it writes. */
  version: number;
  /** Whether the cluster knows our search attributes; setting unknown ones would block the workflow. */
  indexed: boolean;
  /** The queue where heavy work waits; light work waits in the workflow's own. */
  heavyQueue: string;
  /** The queue where agents' links to calls wait; left out, the workflow's own. */
  callsQueue?: string;
  /** The queues of what is asked of bots' providers, and of what is fetched; left out, the workflow's own. */
  botsQueue?: string;
  downloadsQueue?: string;
}

/** Where the run stands, as its workflow sees it. */
export const state = defineQuery<RunState>("state");

/** Stop the run. Accepted once; a run that has ended refuses. An update, so that the caller learns which it was. */
export const cancel = defineUpdate<RunState>("cancel");

/** A delivery of the inbox: its id, so that a repeat is known, and the fact it tells. */
export interface InboxItem<Event extends SubjectEvent = MeetingEvent> {
  id: string;
  event: Event;
}

/** Deliveries for a meeting, as the inbox's dispatcher hands them over. May repeat; the meeting drops ids it has seen. */
export const inbox = defineSignal<[InboxItem[]]>("inbox");

/**
 * Somebody has left by the page's own button. `at`: milliseconds since the epoch. `by`: who says that they were the last,
 * which holds where nobody else is known to be in the call; left out, the call is over for everybody.
 */
export const leaveRequested = defineSignal<[{ at: number; by?: string }]>("leaveRequested");

/** Segments up to this sequence number are stored. A lost one does no harm: the next says more. */
export const transcriptAppended = defineSignal<[{ toSequence: number }]>("transcriptAppended");

/** The agent's link has given up everything it had heard. */
export const agentLeft = defineSignal("agentLeft");

/** An agent that had left, since it had given up, is on its way again. */
export const agentReturns = defineSignal("agentReturns");

/**
 * The meeting's row was edited (its name or its time); read it again. Carries the edit's id and no words, since
 * histories outlive deletions.
 */
export const rename = defineUpdate<void, [{ edit: string }]>("rename");

/** Something may have changed about a bot: its provider told, or a person. A hint: what is so is asked for. */
export const botChanged = defineSignal<[InboxItem<BotEvent>[]]>("botChanged");

/** A job that the backfill put in line is over. A hint: how many are open is asked for. */
export const jobsChanged = defineSignal("jobsChanged");

/** Something may have been decided on the episode. A hint: its row is asked. */
export const reviewChanged = defineSignal("reviewChanged");

/** The source that is waited for is tried again, in order: this run's turn is in so many milliseconds. */
export const sourceOpened = defineSignal<[{ inMs: number }]>("sourceOpened");

/** Tells the agent's link that the call is over. */
export const hangUp = defineSignal("hangUp");

/** What operators can filter by in Temporal UI. Never encrypted: kind, owner's id and stage only. */
export const conveneKind = defineSearchAttributeKey("ConveneKind", SearchAttributeType.KEYWORD);
export const conveneOwner = defineSearchAttributeKey("ConveneOwner", SearchAttributeType.KEYWORD);
export const conveneStage = defineSearchAttributeKey("ConveneStage", SearchAttributeType.KEYWORD);

/**
 * What waits for different things waits in different queues: light work (bookkeeping, analysis) for nothing, heavy work
 * (decoding, speech) for processors, an agent's link for as long as its call, questions about bots for their provider,
 * downloads for the network, and calendars for servers of others. So none of them holds up another.
 */
export interface TaskQueues {
  light: string;
  heavy: string;
  calls: string;
  bots: string;
  downloads: string;
  calendars: string;
}
export const taskQueues: TaskQueues = {
  light: "convene",
  heavy: "media",
  calls: "calls",
  bots: "bots",
  downloads: "downloads",
  calendars: "calendars",
};
