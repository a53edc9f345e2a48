import { labelOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import { MOST_MOVED } from "#domain/inputs/conversation.ts";
import { useState } from "react";
import { CheckBox } from "../ui/check-box.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { heardSpeakers } from "./heard-speakers.ts";
import { nameOf, voiceInk } from "./speaker-colors.ts";

interface MoveDialogProps {
  segments: readonly Segment[];
  speakers: readonly { label: string; displayName: string | null }[];
  /** The segment that it was opened for. */
  at: number;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Gives a sentence, and what follows it of the same speaker if that is wanted, to whoever said it. */
export function MoveDialog({ segments, speakers, at, isOpen, onOpenChange }: MoveDialogProps) {
  const [withRest, setWithRest] = useState(false);
  const said = segments[at];
  if (said === undefined) return null;
  const turn = turnFrom(segments, at);
  const ids = (withRest ? turn : [said]).map(({ id }) => id);
  const others = heardSpeakers(speakers, segments)
    .map(({ label }) => label)
    .filter((label) => label !== labelOf(said))
    .toSorted((a, b) => a.localeCompare(b));
  return (
    <FormDialog
      title="Who said this?"
      lead={`“${shorten(said.text)}”`}
      intent="moveSegments"
      submit="Change the speaker"
      isOpen={isOpen}
      onOpenChange={(open) => {
        onOpenChange(open);
        setWithRest(false);
      }}
    >
      <input type="hidden" name="segmentIds" value={ids.join()} />
      <fieldset className="space-y-1">
        <legend className="sr-only">Speaker</legend>
        {[...others, null].map((label, index) => (
          <label key={label} className="flex min-h-9 items-center gap-3 text-sm font-medium">
            <input
              type="radio"
              name="label"
              value={label ?? ""}
              defaultChecked={index === 0}
              className="size-5 shrink-0 accent-accent"
            />
            {label === null ? "Somebody else" : <span className={voiceInk(label)}>{nameOf(speakers, label)}</span>}
          </label>
        ))}
      </fieldset>
      {turn.length > 1 ? (
        <CheckBox
          label={turn.length === 2 ? "The next sentence too" : `The next ${turn.length - 1} sentences too`}
          hint="Up to where the next speaker begins."
          checked={withRest}
          onChange={(event) => setWithRest(event.target.checked)}
        />
      ) : null}
      <p className="text-sm text-soft">
        Transcript, search and exports follow. The summary stays as it is until you have it made again.
      </p>
    </FormDialog>
  );
}

/** What one speaker says in a row from here on. */
function turnFrom(segments: readonly Segment[], at: number): readonly Segment[] {
  const label = segments[at] && labelOf(segments[at]);
  const end = segments.findIndex((segment, index) => index > at && labelOf(segment) !== label);
  return segments.slice(at, Math.min(end === -1 ? segments.length : end, at + MOST_MOVED));
}

const shorten = (text: string) => (text.length > 160 ? `${text.slice(0, 159).trimEnd()}…` : text);
