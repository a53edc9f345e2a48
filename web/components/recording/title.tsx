import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFetcher } from "react-router";
import { Button, IconButton } from "../button.tsx";
import { textOf } from "../form-text.ts";

/** The recording's title, to be changed in place. */
export function EditableTitle({ title, canWrite }: { title: string; canWrite: boolean }) {
  const [isEditing, setEditing] = useState(false);
  const fetcher = useFetcher();
  const opener = useRef<HTMLButtonElement | null>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) opener.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  const shown = textOf(fetcher.formData, "title") ?? title;
  if (!isEditing) {
    return (
      <div className="flex items-start gap-2">
        <title>{`${shown} · Convene`}</title>
        <h1 className="min-w-0 text-3xl sm:text-4xl">{shown}</h1>
        {canWrite ? (
          <IconButton ref={opener} label="Rename" onClick={() => setEditing(true)} className="sm:mt-1">
            <Pencil size={17} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
    );
  }
  return (
    <fetcher.Form
      method="post"
      onSubmit={() => setEditing(false)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setEditing(false);
      }}
      className="flex flex-wrap gap-2"
    >
      <title>{`${shown} · Convene`}</title>
      <h1 className="sr-only">{shown}</h1>
      <input type="hidden" name="intent" value="rename" />
      <input
        name="title"
        aria-label="Title"
        defaultValue={shown}
        required
        maxLength={200}
        // The person has just asked to type here.
        ref={(input) => input?.select()}
        className="field min-w-0 flex-1 basis-64 font-serif text-xl"
      />
      <Button look="primary" type="submit">
        Save
      </Button>
      <Button onClick={() => setEditing(false)}>Cancel</Button>
    </fetcher.Form>
  );
}
