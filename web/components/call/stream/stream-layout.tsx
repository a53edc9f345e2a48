import { CallingState, SpeakerLayout } from "@stream-io/video-react-sdk";
import type { Call } from "@stream-io/video-react-sdk";
import { Camera, CameraOff, LogOut, Mic, MicOff, PhoneOff } from "lucide-react";
import { useCallback, useEffect, useEffectEvent, useState, useSyncExternalStore } from "react";
import { Button } from "../../ui/button.tsx";
import { plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import type { CallActiveProps } from "../call-active.tsx";

type StreamStageProps = Omit<CallActiveProps, "answer" | "onRefused"> & { call: Call };

/** The joined call: who is in it, and the buttons below. Leaving and ending it for everybody are two things. */
export function StreamStage({ call, meetingName, agent, canEndForAll, captions, onLeave }: StreamStageProps) {
  // The agent takes part like a person, by its own id, but nobody is left in a call with it alone.
  const people = useObserved(
    call.state.participants$,
    () => call.state.participants.filter(({ userId }) => userId !== agent?.id).length,
  );
  const state = useObserved(call.state.callingState$, () => call.state.callingState);
  const [isLeaving, setLeaving] = useState(false);

  // The host has ended it, or the person was sent out: no button of this page was pressed.
  const endedElsewhere = useEffectEvent(() => {
    if (!isLeaving) onLeave("over");
  });
  useEffect(() => {
    if (state === CallingState.LEFT) endedElsewhere();
  }, [state]);

  // nobody waits for the server.
  const leave = () => {
    setLeaving(true);
    onLeave(people < 2 ? "last" : "left");
  };
  const endForAll = () => {
    setLeaving(true);
    call.endCall().catch((error: unknown) => console.warn("Stream did not end the call for everybody", error));
    onLeave("ended");
  };
  return (
    <div className="mx-auto max-w-5xl space-y-4">
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-2xl">{meetingName}</h1>
        <p role="status" className="text-sm text-soft">
          {plural(people, "person", "people")} in the call
        </p>
      </header>
      <CallTrouble state={state} />
      <div className="h-[min(60dvh,36rem)] overflow-hidden rounded-2xl bg-sunken">
        <SpeakerLayout participantsBarPosition="bottom" />
      </div>
      <div role="toolbar" aria-label="Call" className="flex flex-wrap justify-center gap-3">
        <MicrophoneButton call={call} />
        <CameraButton call={call} />
        <Button onClick={leave}>
          <LogOut size={16} aria-hidden="true" /> Leave
        </Button>
        {canEndForAll ? (
          <Button look="danger" onClick={endForAll}>
            <PhoneOff size={16} aria-hidden="true" /> End for all
          </Button>
        ) : null}
      </div>
      {captions}
    </div>
  );
}

function MicrophoneButton({ call: { microphone } }: { call: Call }) {
  const isMute = useObserved(microphone.state.optimisticStatus$, () => microphone.state.optimisticStatus !== "enabled");
  return (
    <Button aria-pressed={isMute} onClick={() => void microphone.toggle()}>
      {isMute ? <MicOff size={16} aria-hidden="true" /> : <Mic size={16} aria-hidden="true" />}
      {isMute ? "Unmute" : "Mute"}
    </Button>
  );
}

function CameraButton({ call: { camera } }: { call: Call }) {
  const isMute = useObserved(camera.state.optimisticStatus$, () => camera.state.optimisticStatus !== "enabled");
  return (
    <Button aria-pressed={!isMute} onClick={() => void camera.toggle()}>
      {isMute ? <CameraOff size={16} aria-hidden="true" /> : <Camera size={16} aria-hidden="true" />}
      {isMute ? "Start camera" : "Stop camera"}
    </Button>
  );
}

/** What is wrong with the connection to the call, if anything is. */
function CallTrouble({ state }: { state: CallingState }) {
  if (state === CallingState.RECONNECTING || state === CallingState.MIGRATING) {
    return (
      <Notice kind="warn" role="status">
        The connection to the call was lost. It is coming back…
      </Notice>
    );
  }
  if (state === CallingState.OFFLINE || state === CallingState.RECONNECTING_FAILED) {
    return (
      <Notice kind="bad" role="alert">
        The call cannot be reached. Check your connection, then load this page anew to come back into it.
      </Notice>
    );
  }
  return null;
}

interface Observable {
  subscribe(listener: () => void): { unsubscribe(): void };
}

/** A value of the call, read anew whenever its source tells of a change. */
function useObserved<T extends string | number | boolean>(source: Observable, read: () => T): T {
  const subscribe = useCallback(
    (listener: () => void) => {
      const subscription = source.subscribe(listener);
      return () => subscription.unsubscribe();
    },
    [source],
  );
  return useSyncExternalStore(subscribe, read);
}
