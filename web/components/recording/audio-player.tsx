import { Pause, Play, RotateCcw, RotateCw } from "lucide-react";
import { useEffect } from "react";
import type { ReactNode } from "react";
import type { Voice } from "#domain/channels/judgement/voice.ts";
import { IconButton } from "../ui/button.tsx";
import { clock, spokenTime } from "../ui/format.ts";
import { usePlayer, usePlaying } from "../conversation/player.ts";
import { keepSpeed, speeds, useSpeed } from "./speed.ts";
import { Waveform } from "./waveform.tsx";
import type { Stretch } from "./waveform.tsx";

interface AudioPlayerProps {
  id: string;
  seconds: number;
  hasPeaks: boolean;
  /** The part that is used of it, which the waveform sets off from the rest. */
  kept?: Stretch;
  /** Where somebody speaks, which the waveform underlines. */
  voice?: readonly Voice[] | null;
  /** What lies over the waveform and is as wide. */
  children?: ReactNode;
}

/** Plays the recording: waveform, position, ten seconds back and forth, speed. */
export function AudioPlayer({ id, seconds, hasPeaks, kept, voice, children }: AudioPlayerProps) {
  const { attach, audio, playFrom, moveTo } = usePlayer();
  const isPlaying = usePlaying((element) => !element.paused, false);
  const at = usePlaying((element) => Math.floor(element.currentTime), 0);
  const toggle = () => {
    if (isPlaying) audio()?.pause();
    else playFrom(audio()?.currentTime ?? 0);
  };
  return (
    <section
      aria-label="Player"
      className="panel sticky top-(--below-banner,0px) z-10 flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5 shadow-lift sm:top-[calc(var(--below-banner,0px)+0.75rem)] sm:px-4"
    >
      <audio ref={attach} src={`/api/recordings/${id}/audio`} preload="metadata" />
      <button
        type="button"
        onClick={toggle}
        aria-label={isPlaying ? "Pause" : "Play"}
        className="grid size-11 shrink-0 place-items-center rounded-full bg-accent text-on-accent hover:bg-accent-strong"
      >
        {isPlaying ? <Pause size={20} aria-hidden="true" /> : <Play size={20} aria-hidden="true" className="ml-0.5" />}
      </button>
      <div className="relative h-12 min-w-32 flex-1">
        <Waveform id={id} seconds={seconds} hasPeaks={hasPeaks} kept={kept} voice={voice} />
        <input
          type="range"
          aria-label="Position"
          aria-valuetext={`${spokenTime(at)} of ${spokenTime(seconds)}`}
          min={0}
          max={Math.ceil(seconds)}
          step={1}
          value={at}
          onChange={(event) => moveTo(Number(event.target.value))}
          className="absolute inset-0 size-full cursor-pointer opacity-0 focus-visible:opacity-100 focus-visible:accent-accent"
        />
        {children}
      </div>
      <div className="flex items-center gap-1">
        <span className="figures text-sm whitespace-nowrap text-soft">
          {clock(at)} / {clock(seconds)}
        </span>
        <IconButton label="Back 10 seconds" onClick={() => moveTo(at - 10)}>
          <RotateCcw size={17} aria-hidden="true" />
        </IconButton>
        <IconButton label="Forward 10 seconds" onClick={() => moveTo(at + 10)}>
          <RotateCw size={17} aria-hidden="true" />
        </IconButton>
        <Speed />
      </div>
    </section>
  );
}

/** How fast it plays; remembered by the browser for the next recording. */
function Speed() {
  const { audio } = usePlayer();
  const speed = useSpeed();
  useEffect(() => {
    const element = audio();
    if (element !== null) element.playbackRate = speed;
  }, [audio, speed]);
  return (
    <select
      aria-label="Speed"
      value={speed}
      onChange={(event) => keepSpeed(event.target.value)}
      className="figures min-h-9 rounded-lg border border-line bg-card px-1.5 text-sm"
    >
      {speeds.map((value) => (
        <option key={value} value={value}>
          {value} ×
        </option>
      ))}
    </select>
  );
}
