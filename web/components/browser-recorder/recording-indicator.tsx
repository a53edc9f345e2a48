import { Link, href, useMatch } from "react-router";
import { Button } from "../ui/button.tsx";
import { clock } from "../ui/format.ts";
import { useNow } from "../ui/time.tsx";
import { Dot } from "./record-panel.tsx";
import { elapsedMs } from "./recorder-state.ts";
import { useRecorder } from "./use-recorder.tsx";

const place =
  "fixed bottom-34 left-3 z-20 inline-flex min-h-11 items-center gap-2.5 rounded-full border border-line bg-card px-4 text-sm font-semibold shadow-lift lg:bottom-19 lg:left-[16.25rem]";

/** On every page but its own: that this tab records, for how long, and the way to it. */
export function RecordingIndicator() {
  const [{ phase }] = useRecorder();
  const isHere = useMatch(href("/record")) !== null;
  if (isHere || phase === "idle" || phase === "opening") return null;
  return (
    <section aria-label="Recording under way">
      <Pill />
    </section>
  );
}

function Pill() {
  const [state, recorder] = useRecorder();
  const now = useNow(1000);
  if (state.phase === "saved" && state.conversationId !== null) {
    return (
      <p role="status" className={`${place} pr-1.5`}>
        Recording saved
        <Link to={href("/recordings/:id", { id: state.conversationId })} onClick={recorder.dismiss} className="link">
          Open
        </Link>
        <Button look="quiet" onClick={recorder.dismiss}>
          Dismiss
        </Button>
      </p>
    );
  }
  return (
    <Link to={href("/record")} className={`${place} hover:bg-sunken`}>
      <Dot isLive={state.phase === "recording"} />
      {state.phase === "saving" ? "Saving the recording" : state.phase === "paused" ? "Recording paused" : "Recording"}
      {/* For the eye only: as text it would change the link's name every second. */}
      <span
        aria-hidden="true"
        data-elapsed={clock(elapsedMs(state, now?.getTime() ?? 0) / 1000)}
        className="figures text-soft before:content-[attr(data-elapsed)]"
      />
    </Link>
  );
}
