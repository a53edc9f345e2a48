import { Pencil } from "lucide-react";
import { useState } from "react";
import { useFetcher } from "react-router";
import { IconButton } from "../ui/button.tsx";
import { EditForm, useEditing } from "../ui/edit-in-place.tsx";
import { textOf } from "../ui/form-text.ts";
import { toLocalField, withOffset } from "../ui/local-time.ts";
import { Time } from "../ui/time.tsx";

interface RecordedAtProps {
  recordedAt: string | null;
  uploadedAt: Date;
  canWrite: boolean;
}

/** When it was recorded, to be changed in place; where nobody knows, when it was uploaded. */
export function RecordedAt({ recordedAt, uploadedAt, canWrite }: RecordedAtProps) {
  const { isEditing, begin, end, opener } = useEditing();
  const fetcher = useFetcher();
  const shown = textOf(fetcher.formData, "recordedAt") ?? recordedAt ?? "";
  if (!isEditing) {
    return (
      <span className="inline-flex items-center gap-1">
        <span>
          {shown === "" ? "Uploaded" : "Recorded"} <Time at={shown === "" ? uploadedAt : shown} />
        </span>
        {canWrite ? (
          <IconButton ref={opener} label="Change when it was recorded" onClick={begin}>
            <Pencil size={15} aria-hidden="true" />
          </IconButton>
        ) : null}
      </span>
    );
  }
  return <DateForm fetcher={fetcher} shown={shown} onEnd={end} />;
}

interface DateFormProps {
  fetcher: ReturnType<typeof useFetcher>;
  shown: string;
  onEnd: () => void;
}

/** A clock may be a day ahead. */
const latestNow = () => toLocalField(new Date(Date.now() + 86_400_000));

function DateForm({ fetcher, shown, onEnd }: DateFormProps) {
  const [latest] = useState(latestNow);
  return (
    <EditForm fetcher={fetcher} intent="date" onEnd={onEnd}>
      <input type="hidden" name="recordedAt" defaultValue={shown} />
      <input
        type="datetime-local"
        aria-label="Recorded on"
        min="1900-01-01T00:00"
        max={latest}
        defaultValue={shown === "" ? "" : toLocalField(new Date(shown))}
        onChange={({ currentTarget }) => {
          const field = currentTarget.form?.elements.namedItem("recordedAt");
          // The server knows no clock but the one that is said to it.
          if (field instanceof HTMLInputElement) field.value = withOffset(currentTarget.value);
        }}
        className="field"
      />
    </EditForm>
  );
}
