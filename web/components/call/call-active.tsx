import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import type { JoinAnswer } from "../../calls/join-answer.ts";
import type { Leaving } from "./call-api.ts";
import type { Seat } from "./join-choice.ts";

// Only who joins a call needs what carries it; both are large, and neither can run on the server.
const PracticeCall = lazy(async () => ({ default: (await import("./practice/practice-call.tsx")).PracticeCall }));
const StreamCall = lazy(async () => ({ default: (await import("./stream/stream-call.tsx")).StreamCall }));

export interface CallActiveProps {
  meetingName: string;
  meetingId: string;
  answer: JoinAnswer;
  seat: Seat;
  agent: { id: string; name: string } | null;
  canEndForAll: boolean;
  captions: ReactNode;
  onLeave: (how: Leaving) => void;
  /** The call could not be joined after all; the error's message says why. */
  onRefused: (error: Error) => void;
}

/** The call itself, at whoever carries it. */
export function CallActive({ answer, ...call }: CallActiveProps) {
  const { meetingName, meetingId, seat, canEndForAll, onLeave } = call;
  return (
    <Suspense fallback={<p role="status">Opening the call…</p>}>
      {answer.provider === "practice" ? (
        <PracticeCall
          meetingId={meetingId}
          meetingName={meetingName}
          ticket={answer.ticket}
          selfName={seat.name}
          canEndForAll={canEndForAll}
          microphoneId={seat.microphoneId}
          // The room tells everybody of its end; only who may end it for all can have been the one who did.
          onLeft={(how) => onLeave(how === "ended" && !canEndForAll ? "over" : how)}
        />
      ) : (
        <StreamCall answer={answer} {...call} />
      )}
    </Suspense>
  );
}
