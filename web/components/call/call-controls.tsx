import { CircleStop, LogOut, Mic, MicOff, Volume2, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { useMicrophoneLevel } from "../../practice-client/practice-call.ts";
import type { PracticeSession, PracticeView } from "../../practice-client/practice-session.ts";
import { Button } from "../ui/button.tsx";

interface CallControlsProps {
  call: PracticeSession;
  view: PracticeView;
  /** Whether the agent can be interrupted now. */
  isReplying: boolean;
  children: ReactNode;
}

/** The call's buttons. */
export function CallControls({ call, view, isReplying, children }: CallControlsProps) {
  const { isMuted, isVoiceOn } = view;
  return (
    <div
      role="toolbar"
      aria-label="Call"
      className="flex flex-wrap gap-2 *:flex-1 *:whitespace-nowrap lg:*:basis-[45%]"
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

const bars = [0.08, 0.25, 0.45, 0.65];
const heights = ["h-1.5", "h-2.5", "h-3.5", "h-4"];

/** How loud the microphone is. For the eye only: who speaks needs no figures. */
function Level({ call }: { call: PracticeSession }) {
  const level = useMicrophoneLevel(call);
  return (
    <span aria-hidden="true" className="flex h-4 items-end gap-0.5">
      {bars.map((from, index) => (
        <span key={from} className={`w-1 rounded-sm ${heights[index]} ${level > from ? "bg-accent" : "bg-line"}`} />
      ))}
    </span>
  );
}
