import { useEffect, useEffectEvent, useState } from "react";
import type { RunError } from "#domain/failure.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { fetchStatus, startPolling } from "./processing-poll.ts";
import type { MeetingStatusAnswer } from "./processing-poll.ts";
import { forward } from "./processing-schedule.ts";
import { useConnection } from "../hooks/use-connection.ts";

/** A meeting's run as far as its processing shows it, from the page's data and the feed. */
export interface ProcessedRun {
  id: string;
  status: string;
  stage: string;
  percent: number;
  attempt: number;
  error: Pick<RunError, "code" | "message"> | null;
}

/** A-76, and `unreachable` where neither the feed nor asking has told anything for long. */
export type ProcessingState = "processing" | "completed" | "failed" | "unreachable";

/**
 * How the processing of a meeting stands: by the feed, and by asking while the feed is not connected. What was asked
 * holds until the feed or the page tells something newer.
 */
export function useProcessing(meetingId: string, run: ProcessedRun) {
  const [shown, setShown] = useState({ attempt: run.attempt, percent: run.percent });
  const current = forward(shown, run);
  if (current !== shown) setShown({ attempt: current.attempt, percent: current.percent });

  const [asked, setAsked] = useState<{ of: ProcessedRun; answer: MeetingStatusAnswer | null } | null>(null);
  // The feed and the page give a new object for every change; an answer to an older one has had its time.
  const told = asked?.of === run ? asked : null;
  const state = stateOf(run, told);

  const isDeaf = useConnection().state !== "live";
  const keep = useEffectEvent((answer: MeetingStatusAnswer | null) => setAsked({ of: run, answer }));
  const isWaiting = state === "processing";
  useEffect(() => {
    if (!isDeaf || !isWaiting) return;
    return startPolling({
      ask: (signal) => fetchStatus(meetingId, signal),
      onAnswer: (answer) => keep(answer),
      onGiveUp: () => keep(null),
      onFailure: (error) => console.warn("The meeting's status could not be read; asking again.", error),
    });
  }, [meetingId, isDeaf, isWaiting]);

  return {
    state,
    percent: state === "completed" ? 100 : current.percent,
    /** Why it failed, in words; empty where nobody said. */
    message: run.error?.message ?? told?.answer?.error ?? (wasCancelled(run, told) ? "It was cancelled." : ""),
    /** Asks anew after it was given up. */
    askAgain: () => setAsked(null),
  };
}

type PolledStatus = { answer: MeetingStatusAnswer | null } | null;

const wasCancelled = (run: ProcessedRun, asked: PolledStatus) =>
  run.status === "cancelled" || asked?.answer?.status === "cancelled";

function stateOf(run: ProcessedRun, asked: PolledStatus): ProcessingState {
  const view = meetingViewOf(run);
  if (view === "completed" || view === "failed") return view;
  if (wasCancelled(run, asked)) return "failed";
  if (asked === null) return "processing";
  if (asked.answer === null) return "unreachable";
  const { status } = asked.answer;
  return status === "completed" || status === "failed" ? status : "processing";
}
