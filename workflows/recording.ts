import type { RunState } from "#domain/run.ts";
import { listen } from "./listening.ts";
import type { RunInput } from "./messages.ts";
import { light } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";

/** An uploaded file becomes a diarised transcript with a summary. One workflow per recording, one execution per attempt. */
export async function recording(input: RunInput): Promise<RunState> {
  return withRunLifecycle(input, async (context) => {
    const { stage } = context;
    await stage("upload", (ref) => light.checkUpload(ref));
    await listen(context, input.heavyQueue);
    await stage("summary", (ref) => light.summarise({ ...ref, version: input.version }));
  });
}
