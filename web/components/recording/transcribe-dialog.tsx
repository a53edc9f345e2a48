import { AudioLines } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { Select } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { SpeakerCount } from "../uploads/speaker-count.tsx";

interface TranscribeDialogProps {
  languages: readonly { value: string; words: string }[];
  language: string | null;
}

/**
 * Has the recording transcribed anew, in another language or with another number of speakers. An address with
 * `?transcribe=de&speakers=2` opens it with these.
 */
export function TranscribeDialog({ languages, language }: TranscribeDialogProps) {
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useSearchParams();
  const change = (open: boolean) => {
    setOpen(open);
    if (!open && asked.has("transcribe")) setAsked({}, { replace: true, preventScrollReset: true });
  };
  return (
    <FormDialog
      icon={<AudioLines size={16} aria-hidden="true" />}
      title="Transcribe again"
      lead="The sound is listened to once more. The transcript that is there stays until the new one is whole, and goes then; a new summary follows."
      intent="transcribe"
      submit="Transcribe"
      isOpen={isOpen || asked.has("transcribe")}
      onOpenChange={change}
    >
      <Select
        label="Spoken language"
        name="language"
        options={languages}
        defaultValue={asked.get("transcribe") || (language ?? "")}
      />
      <SpeakerCount said={asked.get("speakers") ?? ""} />
    </FormDialog>
  );
}
