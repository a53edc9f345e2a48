import { href } from "react-router";
import { bytes } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import type { RecorderState } from "./recorder-state.ts";

/** Where the sound is: on the server, or still here. */
export function Sending({ state: { phase, size, sender } }: { state: RecorderState }) {
  const waiting = Math.max(0, size - sender.sent);
  return (
    <div className="space-y-3">
      <p className="figures text-sm text-soft">
        {bytes(sender.sent)} saved on the server
        {waiting > 0 ? `, ${bytes(waiting)} waiting here to be sent` : ""}
      </p>
      {sender.state === "waiting" ? (
        <Notice kind="warn" role="status">
          {sender.problem ?? "Convene cannot be reached."}{" "}
          {phase === "saving"
            ? "What is missing is kept in this browser and sent when it can be. Leave this page open until then."
            : "The recording goes on, is kept in this browser, and is sent when it can be."}
        </Notice>
      ) : null}
      {sender.state === "signed-out" ? (
        <Notice kind="warn" role="status">
          You are signed out here, or signed in as somebody else. What you record is kept in this browser:{" "}
          <a href={href("/sign-in")} target="_blank" rel="noreferrer" className="link">
            sign in again in another tab
          </a>
          , and it is sent.
        </Notice>
      ) : null}
    </div>
  );
}
