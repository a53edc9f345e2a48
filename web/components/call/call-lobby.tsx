import { Camera, CameraOff } from "lucide-react";
import { useEffect, useRef } from "react";
import type { FormEvent } from "react";
import { textLimits } from "#domain/text.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { textOf } from "../ui/form-text.ts";
import { Notice } from "../ui/notice.tsx";
import { useCapture } from "./capture.ts";
import type { Capture } from "./capture.ts";
import { MicrophoneCheck } from "./microphone-check.tsx";
import type { Seat } from "./join-choice.ts";

interface CallLobbyProps {
  meetingName: string;
  agentName: string;
  selfName: string;
  hasCamera: boolean;
  isJoining: boolean;
  /** Why the last try to join did not work. */
  problem: string | null;
  onJoin: (seat: Seat) => void;
}

/** Before the call: what will happen to what is said, what one is called, and whether one will be heard. */
export function CallLobby({ meetingName, agentName, selfName, hasCamera, isJoining, problem, onJoin }: CallLobbyProps) {
  const microphone = useCapture("audio");
  const camera = useCapture("video");
  const join = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name") ?? selfName;
    const seat = { name: name.trim(), microphoneId: microphone.deviceId, isCameraOn: camera.state === "on" };
    // The call opens them itself; two that hold one device disturb each other in some browsers.
    microphone.close();
    camera.close();
    onJoin(seat);
  };
  return (
    <form onSubmit={join} aria-labelledby="lobby" className="panel mx-auto max-w-xl space-y-6 p-6 sm:p-8">
      <header className="space-y-1.5">
        <h1 id="lobby" className="text-3xl">
          {meetingName}
        </h1>
        <p className="text-soft">You are about to talk with {agentName}.</p>
      </header>
      <Field
        label="Your name in the call"
        name="name"
        required
        maxLength={textLimits.name}
        autoComplete="name"
        defaultValue={selfName}
      />
      <MicrophoneCheck
        microphone={microphone}
        otherwise={hasCamera ? "You can still join and listen." : "You can still join and type what you want to say."}
      />
      {hasCamera ? <CameraCheck camera={camera} /> : null}
      <div className="space-y-3 rounded-xl border border-line bg-sunken p-4 text-sm">
        <p>
          <strong>{agentName} is an AI agent.</strong> What everybody says in this call is transcribed, kept in the
          workspace it belongs to, and read by software that writes a summary of it. Some services also keep the call’s
          audio; the meeting’s page says whether there is any.
        </p>
        <label className="flex min-h-6 items-start gap-3 font-medium">
          <input type="checkbox" name="consent" required className="mt-0.5 size-5 shrink-0 accent-accent" />
          I agree to be transcribed in this call
        </label>
      </div>
      {problem === null ? null : (
        <Notice kind="bad" role="alert">
          {problem}
        </Notice>
      )}
      <Button look="primary" type="submit" disabled={isJoining} className="w-full">
        {isJoining ? "Joining…" : "Join the call"}
      </Button>
    </form>
  );
}

function CameraCheck({ camera: { state, stream, open, close } }: { camera: Capture }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream;
  }, [stream]);
  return (
    <fieldset className="space-y-3">
      <legend className="text-sm font-medium">Camera</legend>
      {state === "on" ? (
        <video
          ref={video}
          autoPlay
          playsInline
          muted
          aria-label="What your camera shows"
          className="aspect-video w-full -scale-x-100 rounded-xl bg-sunken object-cover"
        />
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        {state === "on" ? (
          <Button onClick={close}>
            <CameraOff size={16} aria-hidden="true" /> Join without camera
          </Button>
        ) : (
          <Button onClick={() => void open()} disabled={state === "asking"}>
            <Camera size={16} aria-hidden="true" /> Join with camera
          </Button>
        )}
        <p role="status" className="min-w-0 flex-1 basis-56 text-sm text-soft">
          {state === "refused" ? "The browser does not allow the camera. You join without it." : ""}
          {state === "missing" ? "No camera was found. You join without it." : ""}
        </p>
      </div>
    </fieldset>
  );
}
