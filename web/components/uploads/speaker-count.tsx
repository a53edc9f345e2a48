import { Field } from "../ui/field.tsx";

/** How many people speak in what is transcribed; left empty, they are counted. */
export const SpeakerCount = ({ said = "" }: { said?: string }) => (
  <Field
    label="Number of speakers (optional)"
    name="speakers"
    type="number"
    inputMode="numeric"
    min={1}
    max={20}
    defaultValue={said}
    hint="Leave empty to let them be counted."
  />
);
