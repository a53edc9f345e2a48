import { shortestCut } from "#domain/inputs/channel.ts";
import { preciseClock, tenths } from "./use-borders.ts";
import type { Borders } from "./use-borders.ts";

interface BorderHandlesProps {
  borders: Borders;
  /** How long the file is. */
  seconds: number;
  move: (to: Borders) => void;
}

/**
 * An episode's two borders as sliders over its file's waveform: dragged, or moved by arrow keys by a tenth of a second,
 * by Page Up and Down by more. The grip of the beginning is at the top and that of the end at the bottom, so that
 * neither hides the other, and what is between still goes to a place of the sound.
 */
export function BorderHandles({ borders, seconds, move }: BorderHandlesProps) {
  const { from, to } = borders;
  return (
    <>
      <Handle
        label="Begins at"
        side="top-0"
        at={from}
        most={seconds}
        onMove={(at) => move({ from: Math.max(0, Math.min(at, tenths(to - shortestCut))), to })}
      />
      <Handle
        label="Ends at"
        side="bottom-0"
        at={to}
        most={seconds}
        onMove={(at) => move({ from, to: Math.max(at, tenths(from + shortestCut)) })}
      />
    </>
  );
}

interface HandleProps {
  label: string;
  side: "top-0" | "bottom-0";
  at: number;
  most: number;
  onMove: (at: number) => void;
}

function Handle({ label, side, at, most, onMove }: HandleProps) {
  return (
    <input
      type="range"
      min={0}
      max={Math.ceil(most * 10) / 10}
      step={0.1}
      value={at}
      aria-label={label}
      aria-valuetext={preciseClock(at)}
      onChange={(event) => onMove(tenths(Number(event.target.value)))}
      className={`border-handle ${side}`}
    />
  );
}
