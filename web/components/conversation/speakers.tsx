import { useFetcher } from "react-router";
import { agentSpeaker, nameOf } from "#domain/transcript.ts";
import { textLimits } from "#domain/text.ts";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { EditForm, useEditing } from "../ui/edit-in-place.tsx";
import { textOf } from "../ui/form-text.ts";
import { focusHome, useKeptFocus } from "../ui/kept-focus.ts";
import { MergeDialog } from "./merge-dialog.tsx";
import { Merges } from "./merges.tsx";
import { voiceInk } from "./speaker-colors.ts";

type Speaker = RecordingData["speakers"][number];

/** Who speaks. A name given here holds for the whole recording and its exports. */
export function Speakers({
  speakers,
  merges,
  note,
  canWrite,
  isFinal = true,
}: {
  speakers: readonly Speaker[];
  merges: RecordingData["merges"];
  note: string | null;
  canWrite: boolean;
  /** Whether all has been heard: who is merged before that would come again. */
  isFinal?: boolean;
}) {
  const kept = useKeptFocus<HTMLElement>();
  if (speakers.length === 0) return null;
  const inOrder = speakers.toSorted((a, b) => a.label.localeCompare(b.label));
  const people = inOrder.filter(({ label }) => label !== agentSpeaker);
  return (
    <section aria-labelledby="speakers" {...kept} className="space-y-3">
      <h2 id="speakers" {...focusHome} className="text-2xl">
        Speakers
      </h2>
      <ul className="flex flex-wrap gap-2">
        {inOrder.map((speaker) => (
          <li key={speaker.label}>
            <SpeakerName speaker={speaker} canWrite={canWrite} />
          </li>
        ))}
      </ul>
      {canWrite && isFinal && people.length > 1 ? <MergeDialog speakers={people} /> : null}
      {canWrite && isFinal ? <Merges merges={merges} speakers={speakers} /> : null}
      {note === null ? null : <p className="text-sm text-soft">{note}</p>}
    </section>
  );
}

function SpeakerName({ speaker, canWrite }: { speaker: Speaker; canWrite: boolean }) {
  const { isEditing, begin, end, opener } = useEditing();
  const fetcher = useFetcher();
  const asked = textOf(fetcher.formData, "displayName");
  const name = nameOf([{ ...speaker, displayName: asked || speaker.displayName }], speaker.label);
  if (!isEditing) {
    return (
      <button
        type="button"
        disabled={!canWrite}
        ref={opener}
        onClick={begin}
        aria-label={canWrite ? `Rename ${name}` : name}
        className={`inline-flex min-h-9 items-center gap-2 rounded-full border border-line bg-card px-3.5 text-sm font-semibold enabled:hover:border-edge ${voiceInk(speaker.label)}`}
      >
        <span aria-hidden="true" className="size-2 rounded-full bg-current" />
        {name}
      </button>
    );
  }
  return (
    <EditForm fetcher={fetcher} intent="nameSpeaker" onEnd={end}>
      <input type="hidden" name="label" value={speaker.label} />
      <input
        name="displayName"
        aria-label={`Name of ${name}`}
        placeholder={nameOf([], speaker.label)}
        defaultValue={speaker.displayName ?? ""}
        maxLength={textLimits.name}
        ref={(input) => input?.select()}
        className="field w-44"
      />
    </EditForm>
  );
}
