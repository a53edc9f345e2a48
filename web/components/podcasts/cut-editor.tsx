import { useFetcher } from "react-router";
import { shortestCut } from "#domain/inputs/channel.ts";
import type { EpisodeReview } from "#records/channels/review.ts";
import type { ActionMessage } from "../../pages/outcome.ts";
import { usePlayer } from "../conversation/player.ts";
import { isOver } from "../runs/run-labels.ts";
import { Button } from "../ui/button.tsx";
import { clock, spokenTime } from "../ui/format.ts";
import { Progress } from "../ui/progress.tsx";
import { tenths } from "./use-borders.ts";
import type { MovableBorders } from "./use-borders.ts";

interface CutEditorProps {
  movable: MovableBorders;
  /** How long the file is. */
  seconds: number;
  cut: EpisodeReview["cut"];
  /** What listeners got is not there any more, so that the same can be made anew. */
  isGone: boolean;
}

/** How much of the sound before the end is played to hear where it is. */
const beforeEnd = 3;

/** Where an episode begins and ends in its file, to be set by hand; the sound that is there stays until the other is made. */
export function CutEditor({ movable, seconds, cut, isGone }: CutEditorProps) {
  const fetcher = useFetcher<ActionMessage>();
  const { playFrom } = usePlayer();
  const { borders, isMoved, move, reset } = movable;
  const { from, to } = borders;
  const isAtWork = cut !== null && !isOver(cut.status);
  return (
    <section aria-labelledby="cut" className="space-y-3">
      <h2 id="cut" className="text-2xl">
        Cut it otherwise
      </h2>
      {isAtWork ? (
        <AtWork cut={cut} />
      ) : (
        <>
          <Border
            label="Begins at"
            at={from}
            most={seconds}
            onMove={(at) => move({ from: Math.min(at, to - shortestCut), to })}
          >
            <Button onClick={() => playFrom(from)}>Hear how it begins</Button>
          </Border>
          <Border
            label="Ends at"
            at={to}
            most={seconds}
            onMove={(at) => move({ from, to: Math.max(at, from + shortestCut) })}
          >
            <Button onClick={() => playFrom(Math.max(from, to - beforeEnd))}>Hear how it ends</Button>
          </Border>
          <fetcher.Form method="post" className="flex flex-wrap items-center gap-2">
            <input type="hidden" name="intent" value="cut" />
            <input type="hidden" name="start" value={from} />
            <input type="hidden" name="end" value={Math.min(to, seconds)} />
            <Button type="submit" look="primary" disabled={(!isMoved && !isGone) || fetcher.state !== "idle"}>
              Make this cut
            </Button>
            {isMoved ? <Button onClick={reset}>As it is now</Button> : null}
            <span className="figures text-sm text-soft">{clock(to - from)} of the file</span>
          </fetcher.Form>
          {cut?.status === "failed" ? (
            <p className="text-sm text-danger">The last cut failed. {cut.errorMessage}</p>
          ) : null}
        </>
      )}
      {fetcher.data?.message ? (
        <p role="alert" className="text-sm text-danger">
          {fetcher.data.message}
        </p>
      ) : null}
    </section>
  );
}

interface BorderProps {
  label: string;
  at: number;
  most: number;
  onMove: (at: number) => void;
  children: React.ReactNode;
}

/** One border: arrow keys move it by a tenth of a second, Page Up and Down by more. */
function Border({ label, at, most, onMove, children }: BorderProps) {
  return (
    <div className="space-y-1">
      <label className="block space-y-1">
        <span className="flex justify-between gap-3">
          <span className="font-medium">{label}</span>
          <span className="figures">
            {clock(at)}.{Math.round(at * 10) % 10}
          </span>
        </span>
        <input
          type="range"
          min={0}
          max={Math.ceil(most * 10) / 10}
          step={0.1}
          value={at}
          aria-label={label}
          aria-valuetext={spokenTime(at)}
          onChange={(event) => onMove(tenths(Number(event.target.value)))}
          className="h-8 w-full cursor-pointer accent-accent"
        />
      </label>
      {children}
    </div>
  );
}

function AtWork({ cut: { runId, start, end, percent, message } }: { cut: NonNullable<EpisodeReview["cut"]> }) {
  const fetcher = useFetcher<ActionMessage>();
  return (
    <div className="panel space-y-3 p-4">
      <p>
        From {clock(start)} to {clock(end)} of the file
      </p>
      <Progress percent={percent} label="Progress of the cut" words={`${percent} percent, ${message}`} />
      <p role="status" className="text-sm text-soft">
        {message}
      </p>
      <fetcher.Form method="post">
        <input type="hidden" name="intent" value="cancelCut" />
        <input type="hidden" name="runId" value={runId} />
        <Button type="submit" disabled={fetcher.state !== "idle"}>
          Cancel the cut
        </Button>
      </fetcher.Form>
    </div>
  );
}
