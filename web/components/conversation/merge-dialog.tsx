import { Merge } from "lucide-react";
import { useState } from "react";
import { nameOf } from "#domain/transcript.ts";
import { Select } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";

/** Makes one of two speakers who are the same person. `speakers` are two or more. */
export function MergeDialog({ speakers }: { speakers: readonly { label: string; displayName: string | null }[] }) {
  const [isOpen, setOpen] = useState(false);
  const options = speakers.map(({ label }) => ({ value: label, words: nameOf(speakers, label) }));
  return (
    <FormDialog
      icon={<Merge size={16} aria-hidden="true" />}
      title="Merge speakers"
      lead="For two who are one person. All words and tasks of the one become the other's, who keeps their name where they have one. It can be undone until the transcript is made anew."
      intent="mergeSpeakers"
      submit="Merge"
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      <Select label="All words of" name="label" options={options} defaultValue={options.at(-1)?.value} />
      <Select label="Become those of" name="into" options={options} defaultValue={options[0]?.value} />
    </FormDialog>
  );
}
