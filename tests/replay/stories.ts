import { ApplicationFailure, cancelled, heartbeat } from "@temporalio/activity";
import type { Activities } from "#activities/index.ts";
import type { RunInput } from "#workflows/messages.ts";

/** One shape that a run's history can have: how its activities behave, and whether a person cancels it. */
export interface Story {
  input?: Partial<RunInput>;
  activities?: Partial<Activities>;
  cancelIn?: string;
}

const refuse = (type: string) => async () => {
  throw ApplicationFailure.nonRetryable("refused", type);
};

/** Every released shape, by the name of its recorded history. Add one here and run `npx vitest run tests/replay`. */
export const stories: Record<string, Story> = {
  "recording-completed": {},
  "recording-without-speakers": { activities: { diarize: refuse("resource_limit") } },
  "recording-failed": { activities: { transcode: refuse("not_audio") } },
  "recording-retried": { input: { attempt: 2, resumeFrom: "transcription" } },
  "recording-interrupted": { activities: interruptedOnce() },
  "recording-deleted": { activities: { transcribe: refuse("run_gone") } },
  "recording-not-indexed": { input: { indexed: false } },
  "recording-second-start": { activities: { claimRun: async () => false } },
  "recording-cancelled": {
    activities: {
      async transcode() {
        const beating = setInterval(() => heartbeat(), 100);
        await cancelled().finally(() => clearInterval(beating));
      },
    },
    cancelIn: "transcode",
  },
  "analysis-completed": { input: { kind: "analysis", version: 2 } },
  "analysis-failed": { input: { kind: "analysis", version: 2 }, activities: { summarise: refuse("model_refused") } },
};

// Gets further each time it is interrupted, so the workflow gives it a new budget.
function interruptedOnce(): Partial<Activities> {
  let tries = 0;
  return {
    async transcribe() {
      tries += 1;
      if (tries <= 4) throw ApplicationFailure.create({ message: "cut", type: "stalled", nextRetryDelay: 1 });
    },
    countRecognised: async () => tries,
  };
}
