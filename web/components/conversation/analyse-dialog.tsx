import { Sparkles } from "lucide-react";
import { useState } from "react";
import { templates } from "#domain/templates.ts";
import { textLimits } from "#domain/text.ts";
import { Select } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { TextArea } from "../ui/text-area.tsx";

const options = Object.entries(templates).map(([value, { name }]) => ({ value, words: name }));

/** Orders another reading of the transcript. Earlier readings stay; ticks stay where a task's words are the same. */
export function AnalyseDialog() {
  const [isOpen, setOpen] = useState(false);
  return (
    <FormDialog
      icon={<Sparkles size={16} aria-hidden="true" />}
      title="Summarise again"
      lead="Makes a new version of the summary and the action items. This version stays, and tasks you ticked stay ticked where their words are the same."
      intent="analyse"
      submit="Summarise"
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      <Select label="Kind of conversation" name="template" options={options} />
      <TextArea
        label="What to look for (optional)"
        name="instructions"
        maxLength={textLimits.instructions}
        hint="Instructions are followed by a language model. Without one, the built-in reader quotes what was said."
      />
    </FormDialog>
  );
}
