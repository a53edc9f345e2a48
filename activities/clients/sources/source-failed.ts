import { shownAddress, sourceProblems } from "#domain/channels/source-problem.ts";
import type { SourceProblem } from "#domain/channels/source-problem.ts";

/** A source cannot be read now; the message is for people. `retryAfterMs`: how long its server asks to be left alone. */
export class SourceFailed extends Error {
  override name = "SourceFailed";
  readonly problem: SourceProblem;
  readonly retryAfterMs: number | null;
  constructor(
    problem: SourceProblem,
    address: string,
    { retryAfterMs = null, ...options }: ErrorOptions & { retryAfterMs?: number | null } = {},
  ) {
    super(sourceProblems[problem].words(shownAddress(address)), options);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}
