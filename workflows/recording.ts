import type { RunState } from "#domain/run.ts";
import { transcribeMedia } from "./transcription.ts";
import type { RunInput } from "./messages.ts";
import { light } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";

/** An uploaded file becomes a diarised transcript with a summary. One workflow per recording, one execution per attempt. */
export async function recording(input: RunInput): Promise<RunState> {
  return withRunLifecycle(input, async (context) => {
    const { stage } = context;
    await stage("upload", (ref) => light.checkUpload(ref));
    await transcribeMedia(context, input.heavyQueue);
    await stage("summary", (ref) => light.summarise({ ...ref, version: input.version }));
  });
}
