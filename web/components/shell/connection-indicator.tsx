import { useEffect, useState } from "react";
import { Link } from "react-router";
import type { LiveStatus } from "../../live-client/live-client.ts";
import { retryConnection, useConnection } from "../../hooks/use-connection.ts";

const dots = {
  idle: "bg-edge",
  connecting: "bg-warn animate-breathe",
  live: "bg-accent",
  polling: "bg-accent",
  reconnecting: "bg-warn animate-breathe",
  offline: "bg-danger",
  "signed-out": "bg-danger",
} as const;

/** Whether what is shown is the newest: live (by polling, where no WebSocket comes through), reconnecting (which try, when), or offline with the time of the data. */
export function ConnectionIndicator({ compact = false }: { compact?: boolean }) {
  const status = useConnection();
  const asOf = useLastLive(status);
  const words = wordsOf(status, asOf);
  const isLost = status.state === "reconnecting" || status.state === "offline";
  return (
    <div
      className={`flex items-center gap-2.5 text-xs text-soft ${compact ? "px-1" : "px-2"}`}
      data-state={status.state}
    >
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[status.state]}`} />
      {/* Seconds tick for the eye only; what is said aloud is the state. */}
      <span role="status" className="sr-only">
        {words}
      </span>
      <span aria-hidden="true" className={compact && !isLost ? "sr-only" : "figures"}>
        {words}
        {"nextInMs" in status ? <Countdown key={`${words} ${status.nextInMs}`} ms={status.nextInMs} /> : null}
      </span>
      {isLost ? (
        <button type="button" onClick={retryConnection} className="link min-h-6">
          Try now
        </button>
      ) : null}
      {status.state === "signed-out" ? (
        <Link to="/sign-in" reloadDocument className="link">
          Sign in again
        </Link>
      ) : null}
    </div>
  );
}

function wordsOf(status: LiveStatus, asOf: string | null): string {
  switch (status.state) {
    case "live":
      return "Live";
    case "polling":
      return "Live by polling";
    case "reconnecting":
      return `Reconnecting, try ${status.attempt}`;
    case "offline":
      return `Offline${asOf === null ? "" : `, as of ${asOf}`}`;
    case "signed-out":
      return "Your session has ended.";
    default:
      return "Connecting";
  }
}

/** Seconds until the next try, counted down for the eye. */
function Countdown({ ms }: { ms: number }) {
  const [left, setLeft] = useState(Math.ceil(ms / 1000));
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return left === 0 ? null : `, next in ${left} s`;
}

/** The time of day at which the connection was last live. */
function useLastLive({ state }: LiveStatus): string | null {
  const [lastLive, setLastLive] = useState<string | null>(null);
  useEffect(() => {
    if (state !== "live" && state !== "polling") return;
    return () => setLastLive(new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
  }, [state]);
  return lastLive;
}
