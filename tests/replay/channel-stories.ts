import { setTimeout as wait } from "node:timers/promises";
import type { Activities } from "#activities/index.ts";
import { waitForSource } from "#activities/stage.ts";
import { sourceOpened } from "#workflows/messages.ts";
import { inThreeTurns, refuse } from "./stories.ts";
import type { Story } from "./stories.ts";

/** The shapes that a channel's runs can have. */
export const channelStories: Record<string, Story> = {
  "video-completed": { input: { kind: "video" } },
  "video-failed": { input: { kind: "video" }, activities: { downloadVideo: refuse("source_gone") } },
  "video-waits-for-source": { input: { kind: "video" }, activities: sourceClosedTwice() },
  "video-source-tried-again": {
    input: { kind: "video" },
    activities: closedForAnHour(),
    async drive(run) {
      await wait(2_000); // It has asked, and waits.
      await run.signal(sourceOpened, { inMs: 200 });
    },
  },
  "video-retried": { input: { kind: "video", attempt: 2, resumeFrom: "audio_processing" } },
  "video-judged": { input: { kind: "video" } },
  "video-not-judged": { input: { kind: "video" }, activities: { judgeEpisode: refuse("internal") } },
  "video-speech-detected": { input: { kind: "video" }, activities: inThreeTurns("detectSpeech") },
  "video-without-speech": { input: { kind: "video" }, activities: { detectSpeech: refuse("no_speech") } },
  "video-speech-detection-retried": { input: { kind: "video", attempt: 2, resumeFrom: "speech_detection" } },
  "backfill-completed": { input: { kind: "backfill" }, activities: inSteps() },
  "backfill-failed": { input: { kind: "backfill" }, activities: { listBackfillPage: refuse("source_unreadable") } },
  "backfill-cancelled": {
    input: { kind: "backfill" },
    activities: { queueBackfill: async () => ({ isLast: false }) },
    cancelIn: "queueing",
  },
  "backfill-retried": { input: { kind: "backfill", attempt: 2, resumeFrom: "queueing" } },
  "backfill-rolled-over": { input: { kind: "backfill" }, activities: inSteps(300) },
  "cut-completed": { input: { kind: "cut" } },
  "cut-retried": { input: { kind: "cut", attempt: 2, resumeFrom: "uploading" } },
};

// Each of its steps is to be repeated at first; `pages`: how often it lists.
function inSteps(pages = 2): Partial<Activities> {
  const after = (times: number) => {
    let done = 0;
    return async () => ({ isLast: (done += 1) > times });
  };
  return { listBackfillPage: after(pages), queueBackfill: after(1), followBackfill: after(1) };
}

/** A source that lets nothing be fetched, and says for how long. */
function sourceClosedTwice(): Partial<Activities> {
  let times = 0;
  return {
    async downloadVideo() {
      times += 1;
      if (times <= 2) throw waitForSource("The source lets nothing be fetched for now", 50);
    },
  };
}

/** A source that is closed for all when it is asked first; it is over by the time that somebody has it tried again. */
function closedForAnHour(): Partial<Activities> {
  let times = 0;
  return {
    async downloadVideo() {
      times += 1;
      if (times === 1) throw waitForSource("The source is closed", 3_600_000, { untilOpen: true });
    },
  };
}
