import { data } from "react-router";
import type { Refusal } from "#records/outcome.ts";

/** What an action of a page comes to: `message` says in words why the state of things does not allow it. */
export interface ActionMessage {
  message: string | null;
}

type Outcome = { ok: true } | ({ ok: false } & Refusal);

/** In words why something was not done; null where it is not there for this person, or not theirs to do. */
export function refusalMessage(refusal: Refusal): string | null {
  switch (refusal.reason) {
    case "not_found":
    case "forbidden":
      return null;
    case "agent_not_found":
      return "This agent is not there any more. Choose another.";
    case "session_not_found":
      return "This session is not in the agent's plan any more. Choose another.";
    case "conflict":
    case "time":
      return refusal.message;
    default:
      return refusal satisfies never;
  }
}

/**
 * What pages answer of what came of something: nothing to say, a sentence, or a page of its own in the words
 * `missing`. A boolean stands for done, or not there.
 */
export const settleFor =
  (missing: string | null) =>
  (outcome: Outcome | boolean): ActionMessage => {
    if (outcome === true || (outcome !== false && outcome.ok)) return { message: null };
    const refusal: Refusal = outcome === false ? { reason: "not_found" } : outcome;
    const message = refusalMessage(refusal);
    if (message === null) throw data(missing, { status: refusal.reason === "forbidden" ? 403 : 404 });
    return { message };
  };
