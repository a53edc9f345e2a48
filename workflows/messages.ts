import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";
import { defineQuery, defineUpdate } from "@temporalio/workflow";
import type { RunState } from "#domain/run.ts";
import type { RunKind, Stage } from "#domain/stages.ts";

/** What starts a run's workflow. Ids and positions only: no title, no text, since histories outlive deletions. */
export interface RunInput {
  runId: string;
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
}

/** Where the run stands, as its workflow sees it. */
export const state = defineQuery<RunState>("state");

/** Stop the run. Accepted once; a run that has ended refuses. An update, so that the caller learns which it was. */
export const cancel = defineUpdate<RunState>("cancel");

/** What operators can filter by in Temporal UI. Never encrypted: kind, owner's id and stage only. */
export const conveneKind = defineSearchAttributeKey("ConveneKind", SearchAttributeType.KEYWORD);
export const conveneOwner = defineSearchAttributeKey("ConveneOwner", SearchAttributeType.KEYWORD);
export const conveneStage = defineSearchAttributeKey("ConveneStage", SearchAttributeType.KEYWORD);

/** Light work (bookkeeping, analysis) and heavy work (decoding, speech) wait in different queues. */
export interface TaskQueues {
  light: string;
  heavy: string;
}
export const taskQueues: TaskQueues = { light: "convene", heavy: "media" };
