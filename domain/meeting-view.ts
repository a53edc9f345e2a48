import { meetingStatusOf } from "./meeting.ts";
import type { MeetingStatus } from "./meeting.ts";
import { isFinal } from "./run.ts";
import type { RunStatus } from "./run.ts";
import { isBefore } from "./stages.ts";
import type { Stage } from "./stages.ts";

/**
 * What a meeting's pages show, by what is stored of its run and by nothing else, so that a reload shows the same. A
 * retry waits as `pending` and begins as `starting` with its call long over: to people that is processing.
 */
export function meetingViewOf({ status, stage }: { status: string; stage: string }): MeetingStatus {
  const isAfterCall = !isFinal(status as RunStatus) && isBefore("meeting", "call", stage as Stage);
  return isAfterCall ? "processing" : meetingStatusOf(status as RunStatus);
}
