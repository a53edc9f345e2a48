import { Pencil } from "lucide-react";
import type { Segment } from "#domain/transcript.ts";
import { clock } from "../ui/format.ts";

export interface Cite {
  segmentById: ReadonlyMap<string, Segment>;
  /** Shows the words in the transcript and plays them. */
  onCite: (segmentIds: string[]) => void;
}

/** The words that a statement rests on, as chips that lead to them; a mark where there are none. */
export function Evidence({ ids, segmentById, onCite }: Cite & { ids: readonly string[] }) {
  const segments = ids.flatMap((id) => segmentById.get(id) ?? []);
  if (segments.length === 0) {
    return (
      <span className="rounded-full bg-warn-wash px-2 py-0.5 text-xs font-medium whitespace-nowrap text-warn">
        No evidence found
      </span>
    );
  }
  return segments.slice(0, 6).map((segment) => (
    <button
      key={segment.id}
      type="button"
      onClick={() => onCite([segment.id])}
      aria-label={`Evidence at ${clock(segment.start)}${segment.originalText === undefined ? "" : ", corrected"}`}
      title={segment.originalText === undefined ? segment.text : `Corrected: ${segment.text}`}
      className="figures mr-1 inline-flex min-h-6 min-w-6 items-center rounded-full bg-accent-wash px-2 text-xs font-semibold text-accent-strong hover:underline"
    >
      {clock(segment.start)}
      {segment.originalText === undefined ? null : <Pencil size={11} aria-hidden="true" className="ml-1" />}
    </button>
  ));
}
