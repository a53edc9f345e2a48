import { useEffect, useState } from "react";
import { Link } from "react-router";
import type { ConnectionStatus } from "../hooks/reconnector.ts";
import { retryConnection, useConnection } from "../hooks/use-connection.ts";

const dots = {
  idle: "bg-edge",
  connecting: "bg-warn animate-breathe",
  live: "bg-accent",
  reconnecting: "bg-warn animate-breathe",
  offline: "bg-danger",
  "signed-out": "bg-danger",
} as const;

/** Whether what is shown is the newest: live, reconnecting (which try, when), or offline with the time of the data. */
export function ConnectionIndicator({ compact = false }: { compact?: boolean }) {
  const status = useConnection();
  const wait = useCountdown(status);
  const asOf = useLastLive(status);
  const words = wordsOf(status, wait, asOf);
  const isLost = status.state === "reconnecting" || status.state === "offline";
  return (
    <div
      className={`flex items-center gap-2.5 text-xs text-soft ${compact ? "px-1" : "px-2"}`}
      data-state={status.state}
    >
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[status.state]}`} />
      {/* Seconds tick for the eye only; what is said aloud is the state. */}
      <span role="status" className="sr-only">
        {wordsOf(status, null, asOf)}
      </span>
      <span aria-hidden="true" className={compact && !isLost ? "sr-only" : "figures"}>
        {words}
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

function wordsOf(status: ConnectionStatus, wait: number | null, asOf: string | null): string {
  const when = wait === null || wait === 0 ? "" : `, next in ${wait} s`;
  switch (status.state) {
    case "live":
      return "Live";
    case "reconnecting":
      return `Reconnecting, try ${status.attempt}${when}`;
    case "offline":
      return `Offline${asOf === null ? "" : `, as of ${asOf}`}${when}`;
    case "signed-out":
      return "Your session has ended.";
    default:
      return "Connecting";
  }
}

function useCountdown(status: ConnectionStatus): number | null {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (!("nextInMs" in status)) return setLeft(null);
    const due = Date.now() + status.nextInMs;
    const tick = () => setLeft(Math.max(0, Math.ceil((due - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [status]);
  return left;
}

/** The time of day at which the connection was last live. */
function useLastLive({ state }: ConnectionStatus): string | null {
  const [lastLive, setLastLive] = useState<string | null>(null);
  useEffect(() => {
    if (state !== "live") return;
    return () => setLastLive(new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
  }, [state]);
  return lastLive;
}
