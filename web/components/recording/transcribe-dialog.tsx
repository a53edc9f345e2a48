import { Dialog } from "@base-ui/react/dialog";
import { AudioLines } from "lucide-react";
import { useState } from "react";
import { useFetcher, useSearchParams } from "react-router";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Select } from "../ui/field.tsx";
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
  const fetcher = useFetcher<{ message: string | null }>();
  return (
    <Dialog.Root open={isOpen || asked.has("transcribe")} onOpenChange={change}>
      <Dialog.Trigger className={buttonClass("plain")}>
        <AudioLines size={16} aria-hidden="true" /> Transcribe again
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="text-2xl">Transcribe again</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            The sound is listened to once more. The transcript that is there stays until the new one is whole, and goes
            then; a new summary follows.
          </Dialog.Description>
          <fetcher.Form method="post" onSubmit={() => change(false)} className="mt-5 space-y-4">
            <input type="hidden" name="intent" value="transcribe" />
            <Select
              label="Spoken language"
              name="language"
              options={languages}
              defaultValue={asked.get("transcribe") || (language ?? "")}
            />
            <SpeakerCount said={asked.get("speakers") ?? ""} />
            <div className="flex flex-wrap justify-end gap-3">
              <Dialog.Close className={buttonClass("plain")}>Not now</Dialog.Close>
              <Button look="primary" type="submit">
                Transcribe
              </Button>
            </div>
          </fetcher.Form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
