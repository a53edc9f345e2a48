import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import type { JoinAnswer } from "../../calls/join-answer.ts";
import type { Leaving } from "./call-door.ts";
import type { Seat } from "./seat.ts";

// Only who joins a call needs what carries it; both are large, and neither can run on the server.
const PracticeCall = lazy(async () => {
  const modules = import.meta.glob<{ PracticeCall: React.ComponentType<Record<string, unknown>> }>(
    "../call/practice-call.tsx",
  );
  const { PracticeCall } = await Object.values(modules)[0]!();
  return { default: PracticeCall };
});
const StreamCall = lazy(async () => ({ default: (await import("./stream-call.tsx")).StreamCall }));

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
          onLeft={() => onLeave("last")}
        />
      ) : (
        <StreamCall answer={answer} {...call} />
      )}
    </Suspense>
  );
}
