import { AudioLines } from "lucide-react";
import { useEffect, useState } from "react";
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
  const [asked, setAsked] = useSearchParams();
  const isAsked = asked.has("transcribe");
  const [wasAsked, setWasAsked] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [wanted, setWanted] = useState({ language: "", speakers: "" });
  if (isAsked !== wasAsked) {
    setWasAsked(isAsked);
    if (isAsked) {
      setOpen(true);
      setWanted({ language: asked.get("transcribe") ?? "", speakers: asked.get("speakers") ?? "" });
    }
  }
  // The address is cleared at once: once the transcription has begun, there is no dialog any more that would do it.
  useEffect(() => {
    if (isAsked) setAsked({}, { replace: true, preventScrollReset: true });
  }, [isAsked, setAsked]);
  return (
    <FormDialog
      icon={<AudioLines size={16} aria-hidden="true" />}
      title="Transcribe again"
      lead="The sound is listened to once more. The transcript that is there stays until the new one is whole, and goes then with what was corrected in it; a new summary follows."
      intent="transcribe"
      submit="Transcribe"
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      <Select
        label="Spoken language"
        name="language"
        options={languages}
        defaultValue={wanted.language || (language ?? "")}
      />
      <SpeakerCount said={wanted.speakers} />
    </FormDialog>
  );
}
