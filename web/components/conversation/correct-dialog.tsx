import { labelOf, nameOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";
import { MOST_REASSIGNED, newSpeaker, sameSpeaker } from "#domain/inputs/conversation.ts";
import { textLimits } from "#domain/text.ts";
import { useState } from "react";
import { CheckBox } from "../ui/check-box.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { heardSpeakers } from "./heard-speakers.ts";
import { voiceInk } from "./speaker-colors.ts";

interface CorrectDialogProps {
  segments: readonly Segment[];
  speakers: readonly { label: string; displayName: string | null }[];
  /** The segment that it was opened for. */
  at: number;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Puts a sentence right: its words, and whose they are, with what follows it of the same speaker if that is wanted. */
export function CorrectDialog({ segments, speakers, at, isOpen, onOpenChange }: CorrectDialogProps) {
  const [withRest, setWithRest] = useState(false);
  const [speaker, setSpeaker] = useState<string>(sameSpeaker);
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
      title="Correct this sentence"
      lead="Transcript, search and exports follow at once. The summary stays until you have it made again; what it rests on is marked where you changed the words."
      intent="correct"
      submit="Save"
      isOpen={isOpen}
      onOpenChange={(open) => {
        onOpenChange(open);
        setWithRest(false);
        setSpeaker(sameSpeaker);
      }}
    >
      <input type="hidden" name="segmentIds" value={ids.join()} />
      <TextArea
        key={said.id}
        label="Words"
        name="text"
        rows={3}
        defaultValue={said.text}
        maxLength={textLimits.segment}
        required
        {...(said.originalText === undefined ? {} : { hint: `Heard: ${said.originalText}` })}
      />
      <fieldset className="space-y-1">
        <legend className="text-sm font-medium">Who said it</legend>
        <div className="flex flex-wrap gap-x-5">
          {[sameSpeaker, ...others, newSpeaker].map((choice) => (
            <label key={choice} className="flex min-h-9 items-center gap-2 text-sm font-medium">
              <input
                type="radio"
                name="label"
                value={choice}
                checked={choice === speaker}
                onChange={() => setSpeaker(choice)}
                className="size-5 shrink-0 accent-accent"
              />
              {choice === newSpeaker ? (
                "Somebody else"
              ) : (
                <Name label={choice === sameSpeaker ? labelOf(said) : choice} speakers={speakers} />
              )}
            </label>
          ))}
        </div>
      </fieldset>
      {turn.length > 1 && speaker !== sameSpeaker ? (
        <CheckBox
          label={turn.length === 2 ? "The next sentence too" : `The next ${turn.length - 1} sentences too`}
          hint="Up to where the next speaker begins."
          checked={withRest}
          onChange={(event) => setWithRest(event.target.checked)}
        />
      ) : null}
    </FormDialog>
  );
}

/** What one speaker says in a row from here on. */
function turnFrom(segments: readonly Segment[], at: number): readonly Segment[] {
  const label = segments[at] && labelOf(segments[at]);
  const end = segments.findIndex((segment, index) => index > at && labelOf(segment) !== label);
  return segments.slice(at, Math.min(end === -1 ? segments.length : end, at + MOST_REASSIGNED));
}

function Name({ label, speakers }: { label: string } & Pick<CorrectDialogProps, "speakers">) {
  return <span className={voiceInk(label)}>{nameOf(speakers, label)}</span>;
}
