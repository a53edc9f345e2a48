import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import type { Voice } from "#domain/channels/judgement/voice.ts";
import { usePlaying } from "../conversation/player.ts";

const Peaks = z.object({ values: z.array(z.number()) });

/** In seconds. */
export interface Stretch {
  from: number;
  to: number;
}

interface WaveformProps {
  id: string;
  seconds: number;
  hasPeaks: boolean;
  kept?: Stretch | undefined;
  voice?: readonly Voice[] | null | undefined;
}

/**
 * The recording's loudness over time as bars, the part already played in the accent's colour. Where a part of it is kept,
 * what lies outside is pale, and lines stand at its borders. Where somebody speaks, as far as that is known, a line runs
 * below the bars.
 */
export function Waveform({ id, seconds, hasPeaks, kept, voice }: WaveformProps) {
  const frame = useRef<HTMLDivElement | null>(null);
  const peaks = usePeaks(id, hasPeaks);
  const width = useWidth(frame);
  const bars = Math.max(1, Math.floor(width / 4));
  const played = usePlaying((audio) => Math.round((audio.currentTime / Math.max(seconds, 0.1)) * bars), 0);
  const heights = barsOf(peaks, bars);
  const xOf = (at: number) => (at / Math.max(seconds, 0.1)) * width;
  const isKept = (x: number) => kept === undefined || (x >= xOf(kept.from) - 4 && x <= xOf(kept.to));
  return (
    <div ref={frame} aria-hidden="true" className="absolute inset-0">
      <svg width={width} height={48} className="block">
        {heights.map((height, index) => (
          <rect
            // Bars have no identity but their place.
            key={index}
            x={index * 4}
            y={24 - height / 2}
            width={2.5}
            height={height}
            rx={1.25}
            className={index < played ? "fill-accent" : "fill-edge"}
            opacity={isKept(index * 4) ? (index < played ? 1 : 0.5) : 0.15}
          />
        ))}
        {(voice ?? []).map(({ start, end }) => (
          <rect
            key={start}
            x={xOf(start)}
            y={46}
            width={Math.max(1, xOf(end) - xOf(start))}
            height={2}
            data-voice=""
            className="fill-soft"
          />
        ))}
        {kept === undefined
          ? null
          : [kept.from, kept.to].map((at, side) => (
              <line
                key={side === 0 ? "from" : "to"}
                x1={Math.min(Math.max(xOf(at), 1), width - 1)}
                x2={Math.min(Math.max(xOf(at), 1), width - 1)}
                y1={0}
                y2={48}
                strokeWidth={2}
                data-border={side === 0 ? "from" : "to"}
                className="stroke-accent-strong"
              />
            ))}
      </svg>
    </div>
  );
}

function usePeaks(id: string, hasPeaks: boolean): number[] {
  const [peaks, setPeaks] = useState<number[]>([]);
  useEffect(() => {
    if (!hasPeaks) return;
    const ended = new AbortController();
    fetch(`/api/recordings/${id}/peaks`, { signal: ended.signal })
      .then(async (response) => setPeaks(Peaks.parse(await response.json()).values))
      // Without its waveform the player still plays.
      .catch(() => setPeaks([]));
    return () => ended.abort();
  }, [id, hasPeaks]);
  return peaks;
}

function useWidth(frame: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

/** The loudest value of each bar's stretch, as a height of 2 to 44 pixels, the loudest of all being 44. */
function barsOf(peaks: readonly number[], bars: number): number[] {
  const loudest = peaks.reduce((most, value) => Math.max(most, value), 1);
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    const top = peaks.slice(from, to).reduce((most, value) => Math.max(most, value), 0);
    return 2 + (42 * top) / loudest;
  });
}
