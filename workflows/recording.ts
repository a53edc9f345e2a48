import { patched } from "@temporalio/workflow";
import type { RunState } from "#domain/run.ts";
import type { RunInput } from "./messages.ts";
import { heavyOn, inTurns, light, untilNoProgress } from "./policies.ts";
import { reasonOf, withRunLifecycle } from "./run-lifecycle.ts";

/** An uploaded file becomes a diarised transcript with a summary. One workflow per recording, one execution per attempt. */
export async function recording(input: RunInput): Promise<RunState> {
  const heavy = heavyOn(input.heavyQueue);
  return withRunLifecycle(input, async ({ stage }) => {
    await stage("upload", (ref) => light.checkUpload(ref));
    await stage("transcode", (ref) => heavy.transcode(ref));
    await stage("diarization", async (ref) => {
      try {
        if (patched("diarization-in-turns")) await inTurns((turn) => heavy.diarize({ ...ref, turn }));
        else await heavy.diarize(ref);
      } catch (error) {
        // A transcript without speakers is worth having; the run goes on and says what is missing.
        await light.skipDiarization({ ...ref, reason: reasonOf(error) });
      }
    });
    await stage("transcription", async (ref) => {
      const transcribe = patched("transcription-in-turns")
        ? () => inTurns((turn) => heavy.transcribe({ ...ref, turn }))
        : () => heavy.transcribe(ref);
      await untilNoProgress(transcribe, () => light.countRecognised(ref));
    });
    await stage("summary", (ref) => light.summarise({ ...ref, version: input.version }));
  });
}
