import type { Activities } from "#activities/index.ts";
import type { RunEvent } from "#domain/run.ts";

/** Scripted effects for tests of the workflows' own decisions. Each call is kept in `calls`; any can be replaced. */
export function scriptedActivities(replaced: Partial<Activities> = {}) {
  const calls: string[] = [];
  const endings: RunEvent[] = [];
  const noted = (name: string) => async (): Promise<void> => {
    calls.push(name);
  };
  const activities: Activities = {
    claimRun: async () => true,
    endRun: async ({ ending }) => {
      endings.push(ending);
    },
    skipDiarization: noted("skipDiarization"),
    checkUpload: noted("checkUpload"),
    transcode: noted("transcode"),
    diarize: noted("diarize"),
    transcribe: noted("transcribe"),
    countRecognised: async () => 0,
    summarise: noted("summarise"),
    restartLostRuns: noted("restartLostRuns"),
    clearExpired: noted("clearExpired"),
    ...replaced,
  };
  return { activities, calls, endings };
}
