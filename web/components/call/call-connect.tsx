import { lazy, Suspense } from "react";
import { useHydrated } from "../../hooks/use-hydrated.ts";
import { CallUI } from "./call-ui.tsx";
import type { CallUIProps } from "./call-ui.tsx";

// lobby and call of Stream Video stand inside its theme. Its code and styles come with it, in the browser only.
const StreamFrame = lazy(async () => ({ default: (await import("./stream/stream-frame.tsx")).StreamFrame }));

/** A person's way through a call, in the frame that its provider needs. */
export function CallConnect({ meetingName, meetingId, ...call }: CallUIProps) {
  const isInBrowser = useHydrated();
  const ui = <CallUI meetingName={meetingName} meetingId={meetingId} {...call} />;
  if (call.provider === "practice" || call.start === "processing") return ui;
  const loading = <p role="status">Preparing the call…</p>;
  if (!isInBrowser) return loading;
  return (
    <Suspense fallback={loading}>
      <StreamFrame>{ui}</StreamFrame>
    </Suspense>
  );
}
