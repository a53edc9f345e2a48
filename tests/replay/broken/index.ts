import type { RunState } from "#domain/run.ts";
import { heavyOn, light } from "#workflows/policies.ts";
import type { RunInput } from "#workflows/messages.ts";
import { withRunLifecycle } from "#workflows/run-lifecycle.ts";

export { analysis } from "#workflows/analysis.ts";

/** The recording workflow with two stages swapped, as a careless change might: replays must notice. */
export async function recording(input: RunInput): Promise<RunState> {
  const heavy = heavyOn(input.heavyQueue);
  return withRunLifecycle(input, async ({ stage }) => {
    await stage("transcode", (ref) => heavy.transcode(ref));
    await stage("upload", (ref) => light.checkUpload(ref));
  });
}
