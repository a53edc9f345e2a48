import { useFetcher } from "react-router";
import { shortestCut } from "#domain/inputs/channel.ts";
import type { EpisodeReview } from "#records/channels/review-page.ts";
import type { ActionMessage } from "../../pages/outcome.ts";
import { usePlayer, usePlaying } from "../conversation/player.ts";
import { Button } from "../ui/button.tsx";
import { clock } from "../ui/format.ts";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { Progress } from "../ui/progress.tsx";
import { preciseClock, tenths } from "./use-borders.ts";
import type { MovableBorders } from "./use-borders.ts";

type Cut = EpisodeReview["cut"];

interface CutEditorProps {
  movable: MovableBorders;
  /** How long the file is. */
  seconds: number;
  cut: Cut;
  isAtWork: boolean;
  /** What listeners got is not there any more, so that the same can be made anew. */
  isGone: boolean;
}

/** How much of the sound before the end is played to hear where it is. */
const beforeEnd = 3;

/**
 * Where an episode begins and ends in its file, as the handles over the waveform have it; the sound that is there stays
 * until the other is made.
 */
export function CutEditor({ movable, seconds, cut, isAtWork, isGone }: CutEditorProps) {
  const fetcher = useFetcher<ActionMessage>();
  const { playFrom } = usePlayer();
  const playing = usePlaying((audio) => tenths(audio.currentTime), 0);
  const { borders, isMoved, move, reset } = movable;
  const { from, to } = borders;
  const kept = useKeptFocus<HTMLElement>();
  return (
    <section aria-labelledby="cut" className="space-y-3" {...kept}>
      <h2 id="cut" {...focusHome} className="text-xl">
        Cut it otherwise
      </h2>
      {isAtWork && cut !== null ? (
        <AtWork cut={cut} />
      ) : (
        <>
          <div className="grid gap-x-8 gap-y-3 md:grid-cols-2">
            <Border label="Begins at" at={from}>
              <Button onClick={() => playFrom(from)}>Hear how it begins</Button>
              <Button disabled={playing > to - shortestCut} onClick={() => move({ from: playing, to })}>
                Begin where it plays
              </Button>
            </Border>
            <Border label="Ends at" at={to}>
              <Button onClick={() => playFrom(Math.max(from, to - beforeEnd))}>Hear how it ends</Button>
              <Button disabled={playing < from + shortestCut} onClick={() => move({ from, to: playing })}>
                End where it plays
              </Button>
            </Border>
          </div>
          <fetcher.Form method="post" className="flex flex-wrap items-center gap-2">
            <input type="hidden" name="intent" value="cut" />
            <input type="hidden" name="start" value={from} />
            <input type="hidden" name="end" value={Math.min(to, seconds)} />
            <Button type="submit" look="primary" disabled={(!isMoved && !isGone) || fetcher.state !== "idle"}>
              Make this cut
            </Button>
            {isMoved ? <Button onClick={reset}>As it is now</Button> : null}
            <span className="figures text-sm text-soft">
              {clock(to - from)} of {clock(seconds)}
            </span>
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

/** One border's place, and what can be done there. */
function Border({ label, at, children }: { label: string; at: number; children: React.ReactNode }) {
  return (
    <div className="space-y-1.5">
      <p>
        {label} <span className="figures font-semibold">{preciseClock(at)}</span>
      </p>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}

function AtWork({ cut: { runId, start, end, percent, message } }: { cut: NonNullable<Cut> }) {
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
