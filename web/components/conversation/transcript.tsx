import { LocateFixed, Pencil } from "lucide-react";
import { memo, useCallback, useState } from "react";
import { describeGap, withGaps } from "#domain/transcript-gap.ts";
import type { TranscriptGap } from "#domain/transcript-gap.ts";
import { labelOf, nameOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import { Button } from "../ui/button.tsx";
import { clock } from "../ui/format.ts";
import type { Found } from "./find.ts";
import { matchesIn } from "./find.ts";
import { CorrectDialog } from "./correct-dialog.tsx";
import { usePlayer, usePlaying } from "./player.ts";
import { useScrolling } from "./use-scrolling.ts";
import { voiceEdge, voiceInk } from "./speaker-colors.ts";

interface TranscriptProps {
  segments: readonly Segment[];
  absences: readonly TranscriptGap[];
  speakers: readonly { label: string; displayName: string | null }[];
  /** The part that evidence points at, and how often it was pointed at (so that the same chip scrolls again). */
  cited: readonly string[];
  found: Found;
  follow: boolean;
  isLive: boolean;
  /** Whether there is audio to go to. */
  isPlayable: boolean;
  /** Whether its reader may put words and speakers right. */
  canCorrect: boolean;
}

/** From this number of rows on, those out of sight are left unpainted. */
const longFrom = 300;

/** Who said what and when. A click on a stretch plays it; the stretch being played is marked. */
export function Transcript(props: TranscriptProps) {
  const { segments, absences, speakers, cited, found, follow, isLive, isPlayable, canCorrect } = props;
  const { playFrom } = usePlayer();
  const { query, current } = found;
  const playing = usePlaying((audio) => segmentAt(segments, audio.currentTime), null);
  const { list, isAway, comeBack } = useScrolling({ playing, follow, cited, current });
  const [corrected, setCorrected] = useState({ id: "", isOpen: false });
  const onCorrect = useCallback((id: string) => setCorrected({ id, isOpen: true }), []);
  const rows = (
    <ol ref={list} aria-label="Transcript">
      {withGaps(segments, absences).map((row) =>
        "gap" in row ? (
          <GapRow key={`gap ${row.gap.start}`} gap={row.gap} />
        ) : (
          <Row
            key={row.said.id}
            segment={row.said}
            name={isSame(segments[row.index - 1], row.said) ? null : nameOf(speakers, labelOf(row.said))}
            isPlaying={playing === row.said.id}
            isCited={cited.includes(row.said.id)}
            query={query}
            currentMatch={current?.segmentId === row.said.id ? current.index : null}
            isFresh={isLive}
            isLong={segments.length > longFrom}
            onPlay={isPlayable ? playFrom : null}
            onCorrect={canCorrect ? onCorrect : null}
          />
        ),
      )}
    </ol>
  );
  // While words arrive the list is a log, so that new rows are said aloud without being asked for.
  return (
    <>
      {isLive ? (
        <div role="log" aria-label="Words as they are recognised">
          {rows}
        </div>
      ) : (
        rows
      )}
      <CorrectDialog
        segments={segments}
        speakers={speakers}
        at={segments.findIndex(({ id }) => id === corrected.id)}
        isOpen={corrected.isOpen}
        onOpenChange={(isOpen) => setCorrected({ ...corrected, isOpen })}
      />
      {isAway ? (
        <Button
          look="primary"
          className="fixed bottom-20 left-1/2 z-20 -translate-x-1/2 shadow-lift lg:bottom-5"
          onClick={comeBack}
        >
          <LocateFixed size={16} aria-hidden="true" /> Back to what plays
        </Button>
      ) : null}
    </>
  );
}

function GapRow({ gap }: { gap: TranscriptGap }) {
  return (
    <li className="flex gap-3 py-3 pl-[calc(0.75rem+3px)] text-sm text-soft italic">
      <span className="figures w-14 shrink-0 not-italic">{clock(gap.start)}</span>
      <span>{describeGap(gap)}</span>
    </li>
  );
}

interface RowProps {
  segment: Segment;
  /** The speaker's name where a new one begins, else null. */
  name: string | null;
  isPlaying: boolean;
  isCited: boolean;
  query: string;
  currentMatch: number | null;
  isFresh: boolean;
  isLong: boolean;
  onPlay: ((seconds: number) => void) | null;
  onCorrect: ((segmentId: string) => void) | null;
}

const isSame = (before: Segment | undefined, said: Segment) =>
  before !== undefined && labelOf(before) === labelOf(said);

const Row = memo(function Row({
  segment,
  name,
  isPlaying,
  isCited,
  isFresh,
  isLong,
  onPlay,
  onCorrect,
  ...marks
}: RowProps) {
  const state = isPlaying ? "bg-accent-wash" : isCited ? "bg-mark/40" : "";
  return (
    <li
      data-segment={segment.id}
      // The player stands over the top of the window, higher than the page's own scroll padding on phones.
      className={`scroll-mt-8 ${isLong ? "[content-visibility:auto] [contain-intrinsic-size:auto_4rem]" : ""} ${isFresh ? "animate-settle" : ""}`}
    >
      {name === null ? null : <p className={`pt-5 pb-1 text-sm font-semibold ${voiceInk(labelOf(segment))}`}>{name}</p>}
      <div
        className={`group flex gap-3 rounded-r-lg border-l-3 py-1.5 pr-2 pl-3 ${voiceEdge(labelOf(segment))} ${state}`}
      >
        {onPlay === null ? (
          <span className={`${place} text-soft`}>{clock(segment.start)}</span>
        ) : (
          <button
            type="button"
            onClick={() => onPlay(segment.start)}
            aria-label={`Play from ${clock(segment.start)}`}
            aria-current={isPlaying ? "true" : undefined}
            className={`${place} rounded text-left text-soft underline-offset-4 group-hover:text-accent hover:underline`}
          >
            {clock(segment.start)}
          </button>
        )}
        {/* The pointer may use the whole text; the button beside it is for everybody else. */}
        <p
          dir="auto"
          className={`min-w-0 flex-1 text-[1.0625rem] leading-relaxed ${onPlay === null ? "" : "cursor-pointer"}`}
          onClick={onPlay === null ? undefined : () => playUnlessSelecting(segment.start, onPlay)}
        >
          <Marked text={segment.text} {...marks} />
        </p>
        {onCorrect === null ? null : (
          <button
            type="button"
            onClick={() => onCorrect(segment.id)}
            aria-label={`Correct the sentence at ${clock(segment.start)}`}
            title="Correct this sentence"
            className="size-7 shrink-0 self-start rounded text-soft opacity-0 group-hover:opacity-100 hover:text-accent focus-visible:opacity-100 pointer-coarse:opacity-100"
          >
            <Pencil size={16} aria-hidden="true" className="mx-auto" />
          </button>
        )}
      </div>
    </li>
  );
});

const place = "figures mt-0.5 min-h-6 w-14 shrink-0 self-start text-sm";

function Marked({ text, query, currentMatch }: { text: string; query: string; currentMatch: number | null }) {
  const places = matchesIn(text, query);
  if (places.length === 0) return text;
  return places.map((place, index) => (
    <span key={place}>
      {text.slice(index === 0 ? 0 : (places[index - 1] ?? 0) + query.length, place)}
      <mark className={index === currentMatch ? "outline-2 outline-accent" : ""}>
        {text.slice(place, place + query.length)}
      </mark>
      {index === places.length - 1 ? text.slice(place + query.length) : null}
    </span>
  ));
}

function playUnlessSelecting(start: number, onPlay: (seconds: number) => void) {
  if (document.getSelection()?.isCollapsed !== false) onPlay(start);
}

/** The stretch spoken at a time: the last that began before it, while its words or the pause after them last. */
function segmentAt(segments: readonly Segment[], seconds: number): string | null {
  if (seconds === 0) return null;
  const segment = segments.findLast(({ start }) => start <= seconds + 0.05);
  return segment !== undefined && seconds < segment.end + 2 ? segment.id : null;
}
