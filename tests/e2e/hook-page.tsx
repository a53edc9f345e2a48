import { useState } from "react";
import { createRoot } from "react-dom/client";
import { useWebSocket } from "#web/hooks/use-web-socket.ts";

export interface Shown {
  meetingId: string;
  token: string;
  /** The address of the live door, where it is another than the page's. */
  origin: string;
  maxReconnectAttempts: number;
}

/** The page of the reference design (C-42), on the hook alone: how the connection stands, and what was told. */
function LiveMeeting({ meetingId, token, ...options }: Shown) {
  const [told, setTold] = useState<string[]>([]);
  const tell = (line: string) => setTold((before) => [...before, line]);
  const quick = { firstDelayMs: 50, longestDelayMs: 200, slowDelayMs: 300, pingMs: 200, pongTimeoutMs: 2_000 };
  const { isConnected, connectionStatus, connect, disconnect } = useWebSocket(
    meetingId,
    token,
    {
      onConnected: () => tell("connected"),
      onStatus: (status, { stage }) => tell(`${status} ${stage}`),
      onTranscript: ({ speaker, text }) => tell(`${speaker}: ${text}`),
      onSummary: (summary, actionItems) => tell(`${summary} ${actionItems.join(", ")}`),
      onError: (error) => tell(`error: ${error}`),
    },
    { ...quick, ...options },
  );
  return (
    <main>
      <p role="status">{`${connectionStatus}, ${isConnected ? "connected" : "not connected"}`}</p>
      <button type="button" onClick={connect}>
        Connect
      </button>
      <button type="button" onClick={disconnect}>
        Disconnect
      </button>
      <ol>
        {told.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ol>
    </main>
  );
}

/** Puts the page in place of what is there; what it gives takes it away again. */
export function mount(shown: Shown): () => void {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const root = createRoot(place);
  root.render(<LiveMeeting {...shown} />);
  return () => root.unmount();
}
