import { Pencil } from "lucide-react";
import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import { IconButton } from "../ui/button.tsx";
import { EditForm, useEditing } from "../ui/edit-in-place.tsx";
import { someWords, textOf } from "../ui/form-text.ts";

/** The recording's title, to be changed in place. */
export function EditableTitle({ title, canWrite }: { title: string; canWrite: boolean }) {
  const { isEditing, begin, end, opener } = useEditing();
  const fetcher = useFetcher();
  const shown = textOf(fetcher.formData, "title") ?? title;
  if (!isEditing) {
    return (
      <div className="flex items-start gap-2">
        <title>{`${shown} · Convene`}</title>
        <h1 dir="auto" className="min-w-0 text-3xl sm:text-4xl">
          {shown}
        </h1>
        {canWrite ? (
          <IconButton ref={opener} label="Rename" onClick={begin} className="sm:mt-1">
            <Pencil size={17} aria-hidden="true" />
          </IconButton>
        ) : null}
      </div>
    );
  }
  return (
    <EditForm fetcher={fetcher} intent="rename" onEnd={end}>
      <title>{`${shown} · Convene`}</title>
      <h1 className="sr-only">{shown}</h1>
      <input
        name="title"
        dir="auto"
        aria-label="Title"
        defaultValue={shown}
        required
        pattern={someWords}
        maxLength={textLimits.title}
        // The person has just asked to type here.
        ref={(input) => input?.select()}
        className="field min-w-0 flex-1 basis-64 font-serif text-xl"
      />
    </EditForm>
  );
}
