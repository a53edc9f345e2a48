import { patched } from "@temporalio/workflow";
import { heavyOn, inTurns, light, untilNoProgress } from "./policies.ts";
import { reasonOf } from "./run-lifecycle.ts";
import type { RunContext } from "./run-lifecycle.ts";

interface Options {
  /** Where somebody speaks is a result of its own, which outlasts the transcription. */
  keepsSpeech?: boolean;
}

/** The stages that make of a stored file a transcript with speakers, whatever it came from. */
export async function transcribeMedia(
  { stage }: RunContext,
  heavyQueue: string,
  { keepsSpeech = false }: Options = {},
): Promise<void> {
  const heavy = heavyOn(heavyQueue);
  await stage("transcode", (ref) => heavy.transcode(ref));
  if (keepsSpeech) await stage("speech_detection", (ref) => inTurns((turn) => heavy.detectSpeech({ ...ref, turn })));
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
}
