import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { createMeetingClient } from "../live-client/meeting-client.ts";
import type { MeetingCallbacks, MeetingClientOptions, MeetingToken } from "../live-client/meeting-client.ts";
import type { ConnectionStatus } from "../live-client/reconnector.ts";

type MeetingConnectionStatus = "connecting" | "connected" | "reconnecting" | "offline" | "signed-out" | "disconnected";

const names: Record<ConnectionStatus["state"], MeetingConnectionStatus> = {
  idle: "disconnected",
  connecting: "connecting",
  live: "connected",
  reconnecting: "reconnecting",
  offline: "offline",
  "signed-out": "signed-out",
};

/**
 * Follows a meeting over `/ws/meeting/{id}` (C-35 to C-40): connects by itself, reconnects with exponential backoff,
 * goes on slowly after `maxReconnectAttempts`, ends at once with "signed-out" when only a new sign-in helps, and
 * disconnects on unmount. The callbacks may change with every render.
 */
export function useWebSocket(
  meetingId: string,
  token: MeetingToken,
  callbacks: MeetingCallbacks,
  options: MeetingClientOptions = {},
) {
  const [connectionStatus, setConnectionStatus] = useState<MeetingConnectionStatus>("disconnected");
  const client = useRef<ReturnType<typeof createMeetingClient> | null>(null);
  const optionsNow = useEffectEvent(() => options);
  const latest = useEffectEvent(() => callbacks);
  const freshToken = useEffectEvent(async () => (typeof token === "string" ? token : token()));
  // A function is asked anew for each connect; only another string is another token.
  const tokenText = typeof token === "string" ? token : null;

  useEffect(() => {
    const created = createMeetingClient(
      meetingId,
      tokenText ?? (() => freshToken()),
      {
        onTranscript: (segment) => latest().onTranscript?.(segment),
        onStatus: (status, details) => latest().onStatus?.(status, details),
        onSummary: (summary, actionItems) => latest().onSummary?.(summary, actionItems),
        onError: (error) => latest().onError?.(error),
        onConnected: () => latest().onConnected?.(),
      },
      ({ state }) => setConnectionStatus(names[state]),
      optionsNow(),
    );
    client.current = created;
    created.connect();
    return () => {
      client.current = null;
      created.disconnect();
      created.dispose();
    };
  }, [meetingId, tokenText]);

  const connect = useCallback(() => client.current?.connect(), []);
  const disconnect = useCallback(() => client.current?.disconnect(), []);
  return { isConnected: connectionStatus === "connected", connectionStatus, connect, disconnect };
}
