import { usePracticeCall } from "../../../practice-client/practice-call.ts";
import type { PracticeCallOptions } from "../../../practice-client/practice-call.ts";
import { Button } from "../../ui/button.tsx";
import { clock, spokenTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { useNow } from "../../ui/time.tsx";
import { AgentTile } from "../agent-tile.tsx";
import { CallControls } from "../call-controls.tsx";
import { useCallKeys } from "../call-keys.ts";
import { ConnectionNotice, MicrophoneNotice, VoiceNotice } from "../call-notices.tsx";
import { CaptionsLog } from "../captions-log.tsx";
import { EndForAll } from "../end-for-all.tsx";
import { People } from "../people.tsx";
import { TypedTurn } from "./typed-turn.tsx";

export interface PracticeCallProps {
  meetingId: string;
  meetingName: string;
  /** Lets this person into the room. */
  ticket: string;
  selfName: string;
  canEndForAll: boolean;
  /** The one chosen before the call; null or absent for the browser's own choice. */
  microphoneId?: string | null;
  /** `left`: the call goes on without this person; `last`: it is over with them; `ended`: it ended for everybody. */
  onLeft: PracticeCallOptions["onLeft"];
}

/** A call in our own practice room: the agent, what is said, and the ways to speak, interrupt and leave. */
export function PracticeCall(props: PracticeCallProps) {
  const { meetingId, meetingName, ticket, selfName, canEndForAll, microphoneId = null, onLeft } = props;
  const { call, view } = usePracticeCall({ meetingId, ticket, microphoneId, onLeft });
  const { agent, outcome, participantId } = view;
  const isReplying = agent.state === "thinking" || agent.state === "speaking";
  const isHeard = view.microphone === "on";
  const keys = useCallKeys({
    onMute: () => isHeard && call.mute(!view.isMuted),
    onInterrupt: () => isReplying && call.interrupt(),
  });
  const self = { id: "self", name: selfName, role: "member", muted: false, away: false } as const;
  return (
    <section aria-label="Call" className="mx-auto flex max-w-6xl flex-col gap-4">
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="min-w-0 text-2xl">{meetingName}</h1>
        <Elapsed startedAt={view.startedAt} />
      </header>
      {outcome === "replaced" || outcome === "full" ? (
        <Outside outcome={outcome} onBack={call.comeBack} onGiveUp={() => onLeft("left")} />
      ) : (
        <>
          <ConnectionNotice connection={view.connection} onRetry={call.retryNow} />
          <MicrophoneNotice state={view.microphone} onRetry={call.openMicrophone} />
          <VoiceNotice state={view.voice} onRetry={() => call.turnVoice(true)} />
        </>
      )}
      <div className="grid gap-4 lg:grid-cols-[19rem_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4 lg:row-span-2">
          <AgentTile agent={agent} isMuted={view.isMuted} isHeard={isHeard} />
          <People people={participantId === null ? [self] : view.people} selfId={participantId ?? "self"} />
          <CallControls call={call} view={view} isReplying={isReplying}>
            {canEndForAll ? <EndForAll onEnd={call.endForAll} /> : null}
          </CallControls>
        </div>
        <div className="panel flex h-[calc(100dvh-33rem)] min-h-56 min-w-0 flex-col lg:h-[min(66dvh,40rem)]">
          <CaptionsLog captions={view.captions} />
        </div>
        <div className="panel sticky bottom-(--bottom-bar,0px) z-10 min-w-0 shadow-lift lg:static lg:shadow-none">
          <TypedTurn say={call.say} isConnected={view.connection.state === "live"} />
        </div>
      </div>
      {/* Who touches has no keys to press. */}
      <label className="flex min-h-6 items-center gap-2 self-end text-sm text-soft pointer-coarse:hidden">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={keys.isOn}
          onChange={(event) => keys.turn(event.target.checked)}
        />
        Keys: M mutes, Esc interrupts
      </label>
    </section>
  );
}

function Elapsed({ startedAt }: { startedAt: number | null }) {
  const now = useNow(1000);
  if (startedAt === null || now === null) return <p className="text-sm text-soft">Connecting…</p>;
  const seconds = Math.max(0, (now.getTime() - startedAt) / 1000);
  return (
    <p role="timer" aria-label={`In the call for ${spokenTime(seconds)}`} className="figures text-sm text-soft">
      {clock(seconds)}
    </p>
  );
}

/** Not in the room, though nobody has left: says why, and the way back. */
function Outside({
  outcome,
  onBack,
  onGiveUp,
}: {
  outcome: "replaced" | "full";
  onBack: () => void;
  onGiveUp: () => void;
}) {
  const isReplaced = outcome === "replaced";
  return (
    <Notice kind="warn" role="alert">
      <p>
        {isReplaced
          ? "You have joined this call from another tab or device, and are in it there."
          : "This call has no place left. Try again when somebody has left."}
      </p>
      <div className="mt-3 flex flex-wrap gap-3">
        <Button look="primary" onClick={onBack}>
          {isReplaced ? "Continue here" : "Try again"}
        </Button>
        <Button onClick={onGiveUp}>Back</Button>
      </div>
    </Notice>
  );
}
