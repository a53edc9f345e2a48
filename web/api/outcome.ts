import type { Refusal } from "#records/outcome.ts";
import { conflict, forbidden, notFound, Problem } from "../http/problem.ts";

/** What the API answers where something was not done: the one table of it. */
export function problemOf(refusal: Refusal): Problem {
  switch (refusal.reason) {
    case "not_found":
      return notFound();
    case "forbidden":
      return forbidden();
    case "agent_not_found":
      return new Problem(404, "agent_not_found", "There is no such agent in this workspace.");
    case "session_not_found":
      return conflict("The agent's plan has no such session.");
    case "conflict":
      return conflict(refusal.message);
    case "time": {
      const issues = [{ path: "scheduledAt", message: refusal.message }];
      return new Problem(400, "invalid_request", `scheduledAt: ${refusal.message}`, { issues });
    }
    default:
      return refusal satisfies never;
  }
}

/** What was done, out of what came of it; where it was not done, the problem that says why is thrown. */
export function settled<Good extends { ok: true }>(outcome: Good | ({ ok: false } & Refusal)): Good {
  if (outcome.ok) return outcome;
  throw problemOf(outcome);
}
