import { useState } from "react";
import { Field } from "../ui/field.tsx";
import { usualMinutes } from "./meeting-labels.ts";
import { useTimeZone } from "./starts-in.tsx";

interface WhenFieldsProps {
  scheduledAt: Date | null;
  durationMinutes: number;
  problems: Record<string, string>;
}

/** Now or at a time, in the browser's own zone, and for how long. Sends `when`, `scheduledAt` and `durationMinutes`. */
export function WhenFields({ scheduledAt, durationMinutes, problems }: WhenFieldsProps) {
  const zone = useTimeZone();
  const [isLater, setLater] = useState(scheduledAt !== null);
  const [local, setLocal] = useState<string | null>(null);
  // What a clock shows at that moment is known in the browser only, so the field is filled there.
  const shown = local ?? (zone === null || scheduledAt === null ? "" : localTime(scheduledAt));
  const moment = new Date(shown);
  const choose = (value: "now" | "later") => {
    setLater(value === "later");
    if (value === "later" && shown === "") setLocal(localTime(nextHour()));
  };
  const way = (isThis: boolean, value: "now" | "later", words: string) => (
    <label className="flex min-h-11 items-center gap-2.5 text-sm">
      <input
        type="radio"
        name="when"
        value={value}
        checked={isThis}
        onChange={() => choose(value)}
        className="size-4 accent-accent"
      />
      {words}
    </label>
  );
  return (
    <div className="space-y-4">
      <fieldset>
        <legend className="text-sm font-medium">When</legend>
        <div className="flex flex-wrap gap-x-6">
          {way(!isLater, "now", "Whenever somebody joins")}
          {way(isLater, "later", "At a time")}
        </div>
      </fieldset>
      <div className="grid gap-5 sm:grid-cols-2">
        {isLater ? (
          <Field
            label="Day and time"
            type="datetime-local"
            value={shown}
            required
            onChange={(event) => setLocal(event.target.value)}
            hint={zone === null ? "One moment…" : `In your time zone, ${zone.replaceAll("_", " ")}.`}
            problem={problems["scheduledAt"]}
          />
        ) : null}
        <Field
          label="Minutes"
          name="durationMinutes"
          type="number"
          inputMode="numeric"
          min={1}
          max={1440}
          required
          list="usual-minutes"
          defaultValue={durationMinutes}
          hint="For calendars; the call itself is not cut off then."
          problem={problems["durationMinutes"]}
        />
        <datalist id="usual-minutes">
          {usualMinutes.map((minutes) => (
            <option key={minutes} value={minutes} />
          ))}
        </datalist>
      </div>
      <input
        type="hidden"
        name="scheduledAt"
        value={isLater && !Number.isNaN(moment.getTime()) ? moment.toISOString() : ""}
      />
    </div>
  );
}

const HOUR_MS = 3_600_000;
const nextHour = () => new Date(Math.ceil((Date.now() + HOUR_MS / 4) / HOUR_MS) * HOUR_MS);

/** A moment as a `datetime-local` field shows it, by the browser's own clock. */
function localTime(at: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
