import { useId, useState } from "react";
import { bytes } from "../ui/format.ts";

/** As the server takes it (records/calendars/content.ts); a larger form would not get that far. */
const largest = 10_000_000;

/** A calendar's file, told before it is sent where it is too large. */
export function CalendarFile({ problem }: { problem?: string | undefined }) {
  const id = useId();
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  const wrong = tooLarge ?? problem;
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        Calendar file
      </label>
      <input
        id={id}
        type="file"
        name="content"
        accept=".ics,.ical,text/calendar"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={`${id}-hint${wrong ? ` ${id}-problem` : ""}`}
        className="field text-sm file:mr-3 file:rounded-md file:border-0 file:bg-sunken file:px-3 file:py-1 file:text-ink"
        onChange={({ target }) => {
          const file = target.files?.[0];
          const isTooLarge = file !== undefined && file.size > largest;
          setTooLarge(isTooLarge ? `This file has ${bytes(file.size)}; 10 MB are the most.` : null);
          if (isTooLarge) target.value = "";
        }}
      />
      <p id={`${id}-hint`} className="text-sm text-soft">
        An exported .ics file of 10 MB at most. It is read once; give it anew when it has changed.
      </p>
      {wrong ? (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {wrong}
        </p>
      ) : null}
    </div>
  );
}
