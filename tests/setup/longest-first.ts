import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** The files that take longest: one of them begun last would keep the run waiting with most of the machine idle. */
const long = [
  "activities/speech/speech.test.ts",
  "meetings/repair.test.ts",
  "activities/calls/practice-speech.test.ts",
  "web/hostile-pages.test.ts",
  "meetings/agent.test.ts",
  "weak-points/convene-processing.test.ts",
  "weak-points/convene-channels.test.ts",
  "channels/youtube-story.test.ts",
  "web/log-secrets.test.ts",
  "weak-points/convene-call.test.ts",
  "web/hostile-api.test.ts",
  "web/contract.test.ts",
  "activities/media/media-length.test.ts",
  "worker/metrics.test.ts",
  "activities/media/media.test.ts",
  "weak-points/convene-transcript.test.ts",
  "meetings/order.test.ts",
  "calendars/sync.test.ts",
  "calendars/google-sync.test.ts",
  "e2e/auto-join.test.ts",
  "e2e/looks.test.ts",
  "e2e/first-start.test.ts",
  "e2e/journey.test.ts",
  "e2e/meeting.test.ts",
  "faults/worker.test.ts",
  "faults/web.test.ts",
  "faults/recorder.test.ts",
  "faults/backfill-kill.test.ts",
  "faults/video-kill-writes.test.ts",
  "faults/two-workers.test.ts",
  "faults/video-outages.test.ts",
  "faults/video-kill.test.ts",
  "faults/outages.test.ts",
];

/** Vitest's own order knows how long files took only where they have run before, so not in CI. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.findIndex((name) => moduleId.endsWith(`/tests/${name}`));
      return found === -1 ? long.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
