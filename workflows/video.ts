import { patched } from "@temporalio/workflow";
import type { RunState } from "#domain/run.ts";
import { transcribeMedia } from "./transcription.ts";
import type { RunInput } from "./messages.ts";
import { heavyOn, light, longDownloadsOn } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";
import { listenForSource } from "./source-wait.ts";

/** A channel's video becomes an episode: fetched, listened to like any recording, and stored for its podcast. */
export async function video(input: RunInput): Promise<RunState> {
  const sourceWait = listenForSource();
  return withRunLifecycle(input, async (context) => {
    const { stage } = context;
    await stage("downloading", (ref) => longDownloadsOn(input.downloadsQueue, sourceWait).downloadVideo(ref));
    await transcribeMedia(context, input.heavyQueue, { keepsSpeech: patched("speech-detected") });
    await stage("summary", (ref) => light.summarise({ ...ref, version: input.version }));
    if (patched("episodes-judged")) await stage("decision", (ref) => light.judgeEpisode(ref));
    await stage("audio_processing", (ref) => heavyOn(input.heavyQueue).makeEpisodeAudio(ref));
    await stage("uploading", (ref) => light.storeEpisode(ref));
  });
}
