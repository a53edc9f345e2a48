import { z } from "zod";
import { meetingStatuses } from "#domain/meeting.ts";
import { firstPollMs, giveUpAfterMs, nextPollMs } from "./processing-schedule.ts";

/** What `GET /api/meetings/:id/status` says, as far as the processing view needs it. */
const MeetingStatusAnswer = z.object({ status: z.enum(meetingStatuses), error: z.string().nullable() });
export type MeetingStatusAnswer = z.infer<typeof MeetingStatusAnswer>;

/** Asks the server how a meeting stands. Throws for every answer but a good one. */
export async function fetchStatus(meetingId: string, signal: AbortSignal): Promise<MeetingStatusAnswer> {
  const response = await fetch(`/api/meetings/${meetingId}/status`, {
    signal,
    headers: { accept: "application/json" },
  });
  if (!response.ok) throw new Error(`The meeting's status was answered with ${response.status}`);
  return MeetingStatusAnswer.parse(await response.json());
}

interface Poll {
  ask: (signal: AbortSignal) => Promise<MeetingStatusAnswer>;
  onAnswer: (answer: MeetingStatusAnswer) => void;
  onGiveUp: () => void;
  onFailure: (error: unknown) => void;
}

const isFinal = ({ status }: MeetingStatusAnswer) =>
  status === "completed" || status === "failed" || status === "cancelled";

/** Asks until the answer is final or the time is up. Gives back how to stop, which leaves no timer behind. */
export function startPolling({ ask, onAnswer, onGiveUp, onFailure }: Poll): () => void {
  const stopping = new AbortController();
  const endsAt = Date.now() + giveUpAfterMs;
  let timer = setTimeout(() => void poll(firstPollMs), firstPollMs);

  async function poll(waitMs: number): Promise<void> {
    const outcome = await askOnce();
    if (stopping.signal.aborted || outcome === "final") return;
    if (Date.now() >= endsAt) return onGiveUp();
    const next = nextPollMs(waitMs, outcome);
    timer = setTimeout(() => void poll(next), next);
  }

  async function askOnce(): Promise<"final" | "unfinished" | "failed"> {
    try {
      const answer = await ask(stopping.signal);
      if (!stopping.signal.aborted) onAnswer(answer);
      return isFinal(answer) ? "final" : "unfinished";
    } catch (error) {
      if (!stopping.signal.aborted) onFailure(error);
      return "failed";
    }
  }

  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}
