import { Dialog } from "@base-ui/react/dialog";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import { templates } from "#domain/templates.ts";
import { textLimits } from "#domain/text.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Select } from "../ui/field.tsx";

const options = Object.entries(templates).map(([value, { name }]) => ({ value, words: name }));

/** Orders another reading of the transcript. Earlier readings stay; ticks stay where a task's words are the same. */
export function AnalyseDialog() {
  const [isOpen, setOpen] = useState(false);
  const fetcher = useFetcher();
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass("plain")}>
        <Sparkles size={16} aria-hidden="true" /> Summarise again
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="text-2xl">Summarise again</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            Makes a new version of the summary and the action items. This version stays, and tasks you ticked stay
            ticked where their words are the same.
          </Dialog.Description>
          <fetcher.Form method="post" onSubmit={() => setOpen(false)} className="mt-5 space-y-4">
            <input type="hidden" name="intent" value="analyse" />
            <Select label="Kind of conversation" name="template" options={options} />
            <div className="space-y-1.5">
              <label htmlFor="instructions" className="block text-sm font-medium">
                What to look for (optional)
              </label>
              <textarea
                id="instructions"
                name="instructions"
                rows={4}
                maxLength={textLimits.instructions}
                aria-describedby="instructions-hint"
                className="field"
              />
              <p id="instructions-hint" className="text-sm text-soft">
                Instructions are followed by a language model. Without one, the built-in reader quotes what was said.
              </p>
            </div>
            <div className="flex flex-wrap justify-end gap-3">
              <Dialog.Close className={buttonClass("plain")}>Not now</Dialog.Close>
              <Button look="primary" type="submit">
                Summarise
              </Button>
            </div>
          </fetcher.Form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
