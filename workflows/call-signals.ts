import { allHandlersFinished, condition, continueAsNew, patched, setHandler, workflowInfo } from "@temporalio/workflow";
import { mergeCallFacts, noCall } from "#domain/meeting.ts";
import type { CallEvent, CallFacts } from "#domain/meeting.ts";
import { emptySince, mergePresence, leftByLast } from "#domain/presence.ts";
import type { Leaves, Presence } from "#domain/presence.ts";
import { agentLeft, agentReturns, inbox, leaveRequested, rename, transcriptAppended } from "./messages.ts";

/** What a meeting's workflow takes along when it goes on in a new execution. */
export interface CallMemory {
  /** Ids of deliveries already applied, the newest last; bounded, since applying one again changes nothing. */
  seen: string[];
  facts: CallFacts;
  presence: Presence;
  leaves?: Leaves;
  toSequence: number;
}

/** Roll over well before Temporal asks: what a drain and an analysis add must still fit under 2,000 events. */
const rollOverAt = 1_500;
const mostSeen = 1_000;

/**
 * What a meeting hears while it waits. The handlers only note; the workflow acts on what was noted. Registered at once, so
 * that nothing that was signalled before the first activity returned is missed.
 */
export function trackCall(memory: CallMemory | undefined) {
  let facts: CallFacts = memory?.facts ?? noCall;
  let presence: Presence = memory?.presence ?? {};
  let leaves: Leaves = memory?.leaves ?? {};
  let toSequence = memory?.toSequence ?? 0;
  const seen = new Set(memory?.seen);
  let edits = 0;
  /** Of these, those after which the row was read, or is about to be. */
  let editsRead = 0;
  let linkClosed = false;

  const hear = (event: CallEvent) => {
    facts = mergeCallFacts(facts, event);
  };
  const hearLeaves = () => {
    const at = leftByLast(presence, leaves);
    if (at !== null) hear({ type: "lastPersonLeft", at });
  };
  setHandler(inbox, (items) => {
    for (const { id, event } of items) {
      if (seen.has(id)) continue;
      seen.add(id);
      if ("person" in event) presence = mergePresence(presence, event);
      else hear(event);
    }
    hearLeaves();
  });
  setHandler(leaveRequested, ({ at, by }) => {
    if (by === undefined) return hear({ type: "lastPersonLeft", at });
    leaves = { ...leaves, [by]: Math.max(at, leaves[by] ?? 0) };
    hearLeaves();
  });
  setHandler(transcriptAppended, (range) => {
    toSequence = Math.max(toSequence, range.toSequence);
  });
  setHandler(agentLeft, () => {
    linkClosed = true;
  });
  setHandler(agentReturns, () => {
    linkClosed = false;
  });
  setHandler(rename, () => {
    edits += 1;
  });

  return {
    get facts() {
      return facts;
    },
    /** Since when nobody is in the call (ms since the epoch); null: somebody is. */
    get emptySince() {
      return emptySince(presence);
    },
    get toSequence() {
      return toSequence;
    },
    get linkClosed() {
      return linkClosed;
    },
    hear,
    /** Joins what the row knows: after a loss of Temporal's own data it may know more than this execution. */
    recall(known: CallFacts) {
      for (const event of eventsOf(known)) hear(event);
    },
    /** Waits for other facts, for an edit, or until `at` (ms since the epoch); says which it was. */
    async news(at: number | null): Promise<"facts" | "edit" | "time" | "full"> {
      if (edits !== editsRead) {
        // It came while the row was being read, which may have been too early to see it.
        editsRead = edits;
        if (patched("edits-while-reading")) return "edit";
      }
      const [before, presenceBefore, editsBefore] = [facts, presence, edits];
      const isNews = () => facts !== before || presence !== presenceBefore || edits !== editsBefore || isFull();
      const waitMs = at === null ? undefined : Math.max(0, at - Date.now());
      const woken = waitMs === undefined ? (await condition(isNews), true) : await condition(isNews, waitMs);
      if (!woken) return "time";
      if (facts !== before || presence !== presenceBefore) return "facts";
      if (edits === editsBefore) return "full";
      editsRead = edits;
      return "edit";
    },
    memory: (): CallMemory => ({ facts, presence, leaves, toSequence, seen: [...seen].slice(-mostSeen) }),
  };
}

export type Call = ReturnType<typeof trackCall>;

export const isFull = () => workflowInfo().historyLength >= rollOverAt;

/** Goes on in a new execution with an empty history, once every handler has ended. Does not return. */
export async function rollOver(input: object): Promise<never> {
  await condition(allHandlersFinished);
  return continueAsNew<(input: object) => Promise<unknown>>(input);
}

function eventsOf(facts: CallFacts): CallEvent[] {
  const told = (type: CallEvent["type"], at: number | null): CallEvent[] => (at === null ? [] : [{ type, at }]);
  return [
    ...told("callStarted", facts.startedAt),
    ...told("callStarted", facts.lastStartedAt),
    ...told("callEnded", facts.endedAt),
    ...told("lastPersonLeft", facts.leftAt),
    ...told("cutOff", facts.cutOffAt),
  ];
}
