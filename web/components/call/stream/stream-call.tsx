import { StreamCall as CallProvider, StreamVideo } from "@stream-io/video-react-sdk";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import type { CallActiveProps } from "../call-active.tsx";
import { connectTo, disconnect, enter } from "./stream-connection.ts";
import type { StreamAnswer, StreamConnection } from "./stream-connection.ts";
import { StreamStage } from "./stream-layout.tsx";

type StreamCallProps = Omit<CallActiveProps, "answer"> & { answer: StreamAnswer };

const unjoined = "The call could not be joined. Check your connection, and try again in a moment.";

/** The call at Stream Video, from joining to leaving. */
export function StreamCall({ answer, onRefused, ...stage }: StreamCallProps) {
  const { meetingId, seat } = stage;
  const [connection, setConnection] = useState<StreamConnection | null>(null);
  const refuse = useEffectEvent(onRefused);
  const nameOnce = useEffectEvent(() => seat);
  useEffect(() => {
    let isGone = false;
    const opened = connectTo(answer, nameOnce().name);
    enter(opened, meetingId, nameOnce()).then(
      () => isGone || setConnection(opened),
      (error: unknown) => {
        console.warn("The call could not be joined", error);
        if (!isGone) refuse(new Error(unjoined));
      },
    );
    return () => {
      isGone = true;
      void disconnect(opened);
    };
  }, [answer, meetingId]);
  if (connection === null) {
    return (
      <div className="space-y-4 py-10 text-center">
        <p role="status">Joining the call…</p>
        <Button onClick={() => onRefused(new Error("You have not joined the call."))}>Back to the lobby</Button>
      </div>
    );
  }
  return (
    <StreamVideo client={connection.client}>
      <CallProvider call={connection.call}>
        <StreamStage call={connection.call} {...stage} />
      </CallProvider>
    </StreamVideo>
  );
}
