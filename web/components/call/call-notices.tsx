import { useState } from "react";
import type { ReactNode } from "react";
import type { MicrophoneState } from "../../practice-client/practice-microphone.ts";
import type { VoiceState } from "../../practice-client/practice-voice.ts";
import type { ConnectionStatus } from "../../live-client/reconnector.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

/** What is wrong with the connection to the call, if anything is. */
export function ConnectionNotice({ connection, onRetry }: { connection: ConnectionStatus; onRetry: () => void }) {
  if (connection.state !== "reconnecting" && connection.state !== "offline") return null;
  return (
    <Notice kind={connection.state === "offline" ? "bad" : "warn"} role="status">
      <Line action={<Small onClick={onRetry}>Try now</Small>}>
        The connection to the call was lost. It is being tried again; your place is kept for some seconds.
      </Line>
    </Notice>
  );
}

const microphoneWords: Partial<Record<MicrophoneState, string>> = {
  refused:
    "Your microphone is not allowed here, so the agent cannot hear you. Type instead; or allow the microphone beside the address of this page, then try again.",
  missing: "No microphone is within reach, so the agent cannot hear you. Type instead; or connect one, then try again.",
  unsupported:
    "This browser lends no microphone to this page, so the agent cannot hear you. Type instead; or open the page over https in another browser.",
};

export function MicrophoneNotice({ state, onRetry }: { state: MicrophoneState; onRetry: () => void }) {
  const [dismissed, setDismissed] = useState<MicrophoneState | null>(null);
  const words = microphoneWords[state];
  if (words === undefined || state === dismissed) return null;
  return (
    <Notice kind="warn" role="status">
      <Line
        action={
          <>
            <Small onClick={onRetry}>Try the microphone again</Small>
            <Small onClick={() => setDismissed(state)}>Dismiss</Small>
          </>
        }
      >
        {words}
      </Line>
    </Notice>
  );
}

export function VoiceNotice({ state, onRetry }: { state: VoiceState; onRetry: () => void }) {
  const [isDismissed, setDismissed] = useState(false);
  if (state !== "missing" || isDismissed) return null;
  return (
    <Notice kind="info" role="status">
      <Line
        action={
          <>
            <Small onClick={onRetry}>Try the voice again</Small>
            <Small onClick={() => setDismissed(true)}>Dismiss</Small>
          </>
        }
      >
        This browser has no voice to read the agent’s words aloud. They appear as captions.
      </Line>
    </Notice>
  );
}

function Line({ action, children }: { action: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1 basis-64">{children}</p>
      <div className="flex flex-wrap gap-2">{action}</div>
    </div>
  );
}

const Small = ({ onClick, children }: { onClick: () => void; children: ReactNode }) => (
  <Button onClick={onClick} className="min-h-8 px-3 py-1">
    {children}
  </Button>
);
