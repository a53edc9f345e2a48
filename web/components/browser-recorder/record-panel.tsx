import { Mic, MicOff, Pause, Play, Square } from "lucide-react";
import { Link, href } from "react-router";
import { Button, buttonClass } from "../ui/button.tsx";
import { clock, spokenTime } from "../ui/format.ts";
import { LevelMeter } from "../ui/level-meter.tsx";
import { useLevel } from "../call/capture.ts";
import { Notice } from "../ui/notice.tsx";
import { useNow } from "../ui/time.tsx";
import { elapsedMs } from "./recorder-state.ts";
import type { RecorderState } from "./recorder-state.ts";
import { noticeLabels } from "./record-labels.ts";
import { Sending } from "./sending.tsx";
import { useRecorder } from "./use-recorder.tsx";

const phaseWords: Partial<Record<RecorderState["phase"], string>> = {
  recording: "Recording",
  paused: "Paused",
  saving: "Saving",
  saved: "Saved",
};

/** A recording under way: how long, how loud, what has arrived, and the ways to pause and end it. */
export function RecordPanel() {
  const [state, recorder] = useRecorder();
  const { phase, title, news, captured, isMuted, conversationId } = state;
  const isOn = phase === "recording" || phase === "paused";
  return (
    <section aria-label="Recording" className="panel space-y-6 p-5 sm:p-7">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p role="status" className="flex items-center gap-2.5 font-semibold">
            <Dot isLive={phase === "recording"} />
            {phaseWords[phase]}
          </p>
          {title ? <p className="truncate text-soft">{title}</p> : null}
        </div>
        <Elapsed state={state} />
      </div>
      {isOn ? (
        <div className="grid gap-4 sm:grid-cols-2">
          {captured.tab === null ? null : <Meter label="The meeting" stream={captured.tab} />}
          {captured.microphone === null ? null : (
            <Meter label={isMuted ? "My microphone, muted" : "My microphone"} stream={captured.microphone} />
          )}
        </div>
      ) : null}
      {news === null ? null : (
        <Notice kind="warn" role="alert">
          {noticeLabels[news.kind]} {news.detail}
        </Notice>
      )}
      <Sending state={state} />
      {phase === "saved" && conversationId !== null ? (
        <div className="flex flex-wrap gap-3">
          <Link
            to={href("/recordings/:id", { id: conversationId })}
            onClick={recorder.dismiss}
            className={buttonClass("primary")}
          >
            Open the recording
          </Link>
          <Button onClick={recorder.dismiss}>Record another one</Button>
        </div>
      ) : null}
      {isOn ? (
        <div className="flex flex-wrap gap-3">
          <Button look="primary" onClick={recorder.stop}>
            <Square size={15} aria-hidden="true" /> Stop and save
          </Button>
          {phase === "paused" ? (
            <Button onClick={recorder.resume}>
              <Play size={16} aria-hidden="true" /> Go on
            </Button>
          ) : (
            <Button onClick={recorder.pause}>
              <Pause size={16} aria-hidden="true" /> Pause
            </Button>
          )}
          {captured.microphone === null ? null : (
            <Button onClick={() => recorder.mute(!isMuted)}>
              {isMuted ? <Mic size={16} aria-hidden="true" /> : <MicOff size={16} aria-hidden="true" />}
              {isMuted ? "Unmute my microphone" : "Mute my microphone"}
            </Button>
          )}
        </div>
      ) : null}
      {isOn ? (
        <p className="text-sm text-soft">Keep this tab open. You can go to the meeting, or on in Convene, meanwhile.</p>
      ) : null}
    </section>
  );
}

export function Dot({ isLive }: { isLive: boolean }) {
  return (
    <span aria-hidden="true" className="relative grid size-2.5 place-items-center">
      {isLive ? <span className="absolute inset-0 animate-ping rounded-full bg-live opacity-60" /> : null}
      <span className={`size-2.5 rounded-full ${isLive ? "bg-live" : "bg-edge"}`} />
    </span>
  );
}

function Elapsed({ state }: { state: RecorderState }) {
  const now = useNow(1000);
  const seconds = elapsedMs(state, now?.getTime() ?? 0) / 1000;
  return (
    <p role="timer" aria-label={`Recorded for ${spokenTime(seconds)}`} className="figures font-serif text-4xl">
      {clock(seconds)}
    </p>
  );
}

function Meter({ label, stream }: { label: string; stream: MediaStream }) {
  const level = useLevel(stream);
  return (
    <div className="space-y-1.5">
      <p className="text-sm font-medium">{label}</p>
      <LevelMeter label={`How loud: ${label}`} level={level} />
    </div>
  );
}
