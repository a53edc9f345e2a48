import { Field } from "../field.tsx";

/** How many people speak in what is transcribed; left empty, they are counted. */
export const SpeakerCount = () => (
  <Field
    label="Number of speakers (optional)"
    name="speakers"
    type="number"
    inputMode="numeric"
    min={1}
    max={20}
    hint="Leave empty to let them be counted."
  />
);
