import type { RunState } from "#domain/run.ts";
import type { RunInput } from "./messages.ts";
import { light } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";

/** Another reading of a transcript that is there already: a new version with its own prompt, template or model. */
export async function analysis(input: RunInput): Promise<RunState> {
  return withRunLifecycle(input, async ({ stage }) => {
    await stage("summary", (ref) => light.summarise({ ...ref, version: input.version }));
  });
}
