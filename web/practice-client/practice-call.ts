import { useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { createPracticeSession } from "./practice-session.ts";
import type { PracticeSeatOptions, PracticeSession, PracticeView } from "./practice-session.ts";

export interface PracticeCallOptions extends PracticeSeatOptions {
  /** The call is over for this person; not told of `replaced` and `full`, which the view shows. */
  onLeft: (how: "left" | "last" | "ended") => void;
}

/** Takes part in a practice call: connects on mount and lets go on unmount. */
export function usePracticeCall(options: PracticeCallOptions): { call: PracticeSession; view: PracticeView } {
  const { meetingId, ticket } = options;
  const [call] = useState(createPracticeSession);
  const view = useSyncExternalStore(call.subscribe, call.view, call.viewBefore);
  const microphoneId = useEffectEvent(() => options.microphoneId);
  useEffect(() => {
    call.start({ meetingId, ticket, microphoneId: microphoneId() });
    return call.stop;
  }, [call, meetingId, ticket]);

  const { outcome } = view;
  const left = useEffectEvent(options.onLeft);
  useEffect(() => {
    if (outcome === "left" || outcome === "last" || outcome === "ended") left(outcome);
  }, [outcome]);
  return { call, view };
}

/** How loud the microphone is, from 0 to 1. */
export const useMicrophoneLevel = ({ onLevel, level }: Pick<PracticeSession, "onLevel" | "level">): number =>
  useSyncExternalStore(onLevel, level, () => 0);
