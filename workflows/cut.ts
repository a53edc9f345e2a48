import type { RunState } from "#domain/run.ts";
import type { RunInput } from "./messages.ts";
import { heavyOn, light } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";

/** Another cut of an episode, by borders that a person has set: its sound is made from the file that is there. */
export async function cut(input: RunInput): Promise<RunState> {
  return withRunLifecycle(input, async ({ stage }) => {
    await stage("audio_processing", (ref) => heavyOn(input.heavyQueue).makeCutAudio(ref));
    await stage("uploading", (ref) => light.storeCut(ref));
  });
}
