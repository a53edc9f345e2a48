import type { RunKind, Stage } from "./stages.ts";

/** Where the next attempt of a run begins that ended in this stage. */
export function stageToRetry(kind: RunKind, stage: Stage): Stage {
  // A bot that was not let in, or fell out of the meeting, is sent again, if the meeting goes on.
  if (kind === "recorder") return stage === "collect" ? "collect" : "upcoming";
  // Alignment belongs to transcription, piece by piece: work goes on where transcription stopped.
  if (stage === "alignment") return "transcription";
  // A call that was broken off is not called again; what was said in it is.
  if (stage === "call") return "drain";
  return stage;
}
