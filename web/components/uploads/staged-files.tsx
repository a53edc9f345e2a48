import { X } from "lucide-react";
import { textLimits } from "#domain/text.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Field, Select } from "../ui/field.tsx";
import { textOf } from "../ui/form-text.ts";
import { bytes, plural } from "../ui/format.ts";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { ownTimeZone, withOffset } from "../ui/local-time.ts";
import { problemWith, titleOf } from "./check-file.ts";
import { SpeakerCount } from "./speaker-count.tsx";

interface Ready {
  file: File;
  details: Record<string, string>;
}

interface StagedFilesProps {
  files: readonly File[];
  workspaces: readonly { id: string; name: string }[];
  languages: readonly { value: string; words: string }[];
  maxBytes: number;
  onRemove: (file: File) => void;
  onSend: (batch: Ready[]) => void;
}

/** The chosen files before they go: a title each, and what holds for all of them. */
export function StagedFiles({ files, workspaces, languages, maxBytes, onRemove, onSend }: StagedFilesProps) {
  if (files.length === 0) return null;
  const good = files.filter((file) => problemWith(file, maxBytes) === null);
  const send = (form: FormData) => {
    const shared = Object.fromEntries(
      ["language", "speakers", "workspaceId"].map((name) => [name, textOf(form, name) ?? ""]),
    );
    shared["recordedAt"] = withOffset(textOf(form, "recordedAt") ?? "");
    shared["timeZone"] = ownTimeZone();
    onSend(good.map((file) => ({ file, details: { ...shared, title: titleIn(form, files, file) } })));
  };
  return (
    <form action={send} aria-label="Files to upload" className="space-y-6">
      <StagedList files={files} maxBytes={maxBytes} onRemove={onRemove} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select label="Spoken language" name="language" options={languages} />
        <SpeakerCount />
        <Field
          label="Recorded on (optional)"
          name="recordedAt"
          type="datetime-local"
          hint="Leave empty to let each file tell. Due dates count from it."
        />
        <WorkspaceField workspaces={workspaces} />
      </div>
      <Button look="primary" type="submit" disabled={good.length === 0}>
        Upload {plural(good.length, "file")}
      </Button>
    </form>
  );
}

const titleField = (files: readonly File[], file: File) => `title-${files.indexOf(file)}`;

/** What a file is called in the form that a `StagedList` stands in. */
export const titleIn = (form: FormData, files: readonly File[], file: File): string =>
  textOf(form, titleField(files, file)) ?? "";

/** Chosen files, each with its title, or with why it cannot be taken. */
export function StagedList({ files, maxBytes, onRemove }: Pick<StagedFilesProps, "files" | "maxBytes" | "onRemove">) {
  return (
    <ul className="panel divide-y divide-line">
      {files.map((file) => (
        <li key={titleField(files, file)} className="flex items-start gap-3 px-4 py-4 sm:px-5">
          <StagedFile file={file} name={titleField(files, file)} problem={problemWith(file, maxBytes)} />
          <IconButton label={`Remove ${file.name}`} onClick={() => onRemove(file)}>
            <X size={17} aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function StagedFile({ file, name, problem }: { file: File; name: string; problem: string | null }) {
  if (problem !== null) {
    return (
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{file.name}</p>
        <p className="text-sm text-danger">{problem}</p>
      </div>
    );
  }
  return (
    <div className="min-w-0 flex-1 space-y-1.5">
      <Field
        label={`Title of ${file.name}`}
        name={name}
        defaultValue={titleOf(file.name)}
        maxLength={textLimits.title}
      />
      <p className="figures text-sm text-soft">{bytes(file.size)}</p>
    </div>
  );
}
