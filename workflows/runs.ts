import type { RunState } from "#domain/run.ts";
import type { RunKind } from "#domain/stages.ts";
import type * as workflows from "./index.ts";
import type { RunInput } from "./messages.ts";

type RunWorkflow = (input: RunInput) => Promise<RunState>;
type OfEachKind<Exported extends Record<RunKind, RunWorkflow>> = Pick<Exported, RunKind>;

/** The workflow of each kind of run, exported by the kind's name. A kind that has none does not compile. */
export type RunWorkflows = OfEachKind<typeof workflows>;
