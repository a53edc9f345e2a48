import { useEffect, useEffectEvent, useState } from "react";
import type { ReactNode } from "react";
import type { JoinAnswer } from "../../calls/join-answer.ts";
import { CallActive } from "./call-active.tsx";
import type { CallEndpoints, Leaving } from "./call-api.ts";
import { CallLobby } from "./call-lobby.tsx";
import { forgetSeat, rememberedSeat, rememberSeat } from "./join-choice.ts";
import type { Seat } from "./join-choice.ts";

/** there is no view for a call that has ended; what comes then is the work on it. */
export type CallView = "lobby" | "call" | "processing";

export interface CallUIProps {
  meetingName: string;
  meetingId: string;
  /** Where the stored status puts the reader: before the call, or after it. */
  start: Exclude<CallView, "call">;
  provider: "stream" | "practice";
  agent: { id: string; name: string } | null;
  selfName: string;
  canEndForAll: boolean;
  door: CallEndpoints;
  /** What is shown after the call. */
  processing: ReactNode;
  /** The person left, and the call goes on without them. */
  onLeft: () => void;
  /** What is said, where it is to be shown beside the call. */
  captions?: ReactNode;
}

/** A person's way through a call: the lobby, the call, and what comes after it. */
export function CallUI({ meetingName, meetingId, start, door, processing, onLeft, ...call }: CallUIProps) {
  const [chosen, setChosen] = useState<CallView>(start);
  const [joined, setJoined] = useState<{ answer: JoinAnswer; seat: Seat } | null>(null);
  const [isJoining, setJoining] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  // The stored status wins: a call that has ended elsewhere is over here too.
  const view: CallView = start === "processing" ? "processing" : chosen;

  const sit = (answer: JoinAnswer, seat: Seat) => {
    rememberSeat(meetingId, seat);
    setJoined({ answer, seat });
    setChosen("call");
  };
  const refuse = (error: unknown) => {
    forgetSeat(meetingId);
    setJoined(null);
    setChosen("lobby");
    setProblem(error instanceof Error ? error.message : "That did not work. Try again.");
  };

  async function join(seat: Seat): Promise<void> {
    setJoining(true);
    setProblem(null);
    try {
      sit(await door.join(seat.name), seat);
    } catch (error) {
      refuse(error);
    } finally {
      setJoining(false);
    }
  }

  // Who was in the call before the page was loaded anew goes back into it.
  const rejoin = useEffectEvent(() => {
    const seat = start === "lobby" ? rememberedSeat(meetingId) : null;
    if (seat !== null) door.join(seat.name).then((answer) => sit(answer, seat), refuse);
  });
  useEffect(() => rejoin(), []);

  function leave(how: Leaving): void {
    forgetSeat(meetingId);
    setJoined(null);
    if (how !== "over") door.tellLeft(how);
    // Nobody waits for the server: the work is on its way as far as the person is concerned.
    setChosen(how === "left" ? "lobby" : "processing");
    if (how === "left") onLeft();
  }

  if (view === "processing") return processing;
  if (view === "call" && joined !== null) {
    return (
      <CallActive
        meetingName={meetingName}
        meetingId={meetingId}
        answer={joined.answer}
        seat={joined.seat}
        agent={call.agent}
        canEndForAll={call.canEndForAll}
        captions={call.captions}
        onLeave={leave}
        onRefused={refuse}
      />
    );
  }
  return (
    <CallLobby
      meetingName={meetingName}
      agentName={call.agent?.name ?? "the agent"}
      selfName={call.selfName}
      hasCamera={call.provider === "stream"}
      isJoining={isJoining}
      problem={problem}
      onJoin={(seat) => void join(seat)}
    />
  );
}
