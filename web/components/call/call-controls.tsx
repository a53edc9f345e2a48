import { CircleStop, LogOut, Mic, MicOff, Volume2, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { useMicrophoneLevel } from "../../hooks/practice-call.ts";
import type { PracticeSession, PracticeView } from "../../hooks/practice-session.ts";
import { Button } from "../button.tsx";

interface CallControlsProps {
  call: PracticeSession;
  view: PracticeView;
  /** Whether the agent can be interrupted now. */
  isReplying: boolean;
  children: ReactNode;
}

/** The call's buttons, at the bottom of the window where thumbs reach them. */
export function CallControls({ call, view, isReplying, children }: CallControlsProps) {
  const { isMuted, isVoiceOn } = view;
  return (
    <div
      role="toolbar"
      aria-label="Call"
      className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center justify-center gap-2 border-t border-line bg-paper px-4 py-3 sm:gap-3 lg:static lg:mx-0 lg:border-0"
    >
      {view.microphone === "on" ? (
        <Button aria-keyshortcuts="M" onClick={() => call.mute(!isMuted)}>
          {isMuted ? <MicOff size={16} aria-hidden="true" /> : <Mic size={16} aria-hidden="true" />}
          {isMuted ? "Unmute" : "Mute"}
          <Level call={call} />
        </Button>
      ) : null}
      {view.voice === "available" ? (
        <Button onClick={() => call.turnVoice(!isVoiceOn)}>
          {isVoiceOn ? <Volume2 size={16} aria-hidden="true" /> : <VolumeX size={16} aria-hidden="true" />}
          {isVoiceOn ? "Silence the voice" : "Hear the voice"}
        </Button>
      ) : null}
      <Button aria-keyshortcuts="Escape" disabled={!isReplying} onClick={call.interrupt}>
        <CircleStop size={16} aria-hidden="true" /> Interrupt
      </Button>
      <Button onClick={call.leave}>
        <LogOut size={16} aria-hidden="true" /> Leave
      </Button>
      {children}
    </div>
  );
}

/** For the eye only: who hears themselves speak needs no figures. */
function Level({ call }: { call: PracticeSession }) {
  const level = useMicrophoneLevel(call);
  return (
    <span aria-hidden="true" className="ml-1 flex h-4 w-10 items-center overflow-hidden rounded-full bg-line">
      <span className="h-full rounded-full bg-accent" style={{ width: `${Math.round(level * 100)}%` }} />
    </span>
  );
}
