import type { Activities } from "#activities/index.ts";
import { cancellationSignal, heartbeat } from "@temporalio/activity";
import { noCall } from "#domain/meeting.ts";
import type { RunEvent } from "#domain/run.ts";

// An agent that stays until it is told to go.
export async function untilStopped(): Promise<"over"> {
  const beating = setInterval(() => heartbeat(), 500);
  const stopped = cancellationSignal();
  await new Promise<void>((resolve) => stopped.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(beating);
  return "over";
}

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
    detectSpeech: async () => {
      calls.push("detectSpeech");
      return "done";
    },
    diarize: async () => {
      calls.push("diarize");
      return "done";
    },
    transcribe: async () => {
      calls.push("transcribe");
      return "done";
    },
    countRecognised: async () => 0,
    summarise: async () => {
      calls.push("summarise");
      return { hasPlan: false };
    },
    reviewPlan: noted("reviewPlan"),
    openMeeting: async () => ({ facts: noCall, remindAt: null, longestMs: 60 * 60_000, waitsForFile: false }),
    remindOfMeeting: async () => {
      calls.push("remindOfMeeting");
      return { facts: noCall, remindAt: null, longestMs: 60 * 60_000, waitsForFile: false };
    },
    beginCall: noted("beginCall"),
    saveCall: noted("saveCall"),
    endCall: noted("endCall"),
    collectTranscript: noted("collectTranscript"),
    noteAgent: noted("noteAgent"),
    attendCall: untilStopped,
    createNextSession: noted("createNextSession"),
    noteNextProblem: noted("noteNextProblem"),
    keepCallAudio: noted("keepCallAudio"),
    keepCallTranscript: noted("keepCallTranscript"),
    reconcileMeetings: noted("reconcileMeetings"),
    openRecorder: async () => ({ joinAt: 0, leaveAt: Date.now() + 60 * 60_000 }),
    deployBot: async () => ({ sent: true, bot: { state: "requested", reason: null, wasIn: false } }),
    readBot: async () => ({ state: "ended", reason: "meeting_ended", wasIn: true }),
    sweepRecorders: noted("sweepRecorders"),
    dismissBot: noted("dismissBot"),
    isRecordingReady: async () => true,
    collectRecording: noted("collectRecording"),
    checkChannel: noted("checkChannel"),
    checkDueChannels: noted("checkDueChannels"),
    listBackfillPage: async () => ({ isLast: true }),
    queueBackfill: async () => ({ isLast: true }),
    followBackfill: async () => ({ isLast: true }),
    downloadVideo: noted("downloadVideo"),
    judgeEpisode: noted("judgeEpisode"),
    makeEpisodeAudio: noted("makeEpisodeAudio"),
    storeEpisode: noted("storeEpisode"),
    makeCutAudio: noted("makeCutAudio"),
    storeCut: noted("storeCut"),
    applyRetention: noted("applyRetention"),
    endReview: async () => ({ until: null }),
    syncCalendar: noted("syncCalendar"),
    syncDueCalendars: noted("syncDueCalendars"),
    remindOfMeetings: noted("remindOfMeetings"),
    restartLostRuns: noted("restartLostRuns"),
    clearExpired: noted("clearExpired"),
    ...replaced,
  };
  return { activities, calls, endings };
}
