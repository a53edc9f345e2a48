import { useId } from "react";
import { Form, useNavigation } from "react-router";
import { Button } from "../ui/button.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { LanguageField, ModeField } from "./channel-fields.tsx";
import { RightsBox } from "./rights-box.tsx";

interface ImportFormProps {
  workspaces: readonly { id: string; name: string }[];
  languages: readonly { value: string; words: string }[];
  problems: Record<string, string>;
}

/** A list of feeds, and what holds for all channels that it makes. */
export function ImportForm({ workspaces, languages, problems }: ImportFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  return (
    <Form method="post" encType="multipart/form-data" noValidate className="panel space-y-6 p-5 sm:p-6">
      <OpmlFile problem={problems["opml"]} />
      <RightsBox label="I may republish what these feeds hold" isTicked={false} problem={problems["rights"]} />
      <LanguageField languages={languages} chosen="" problem={problems["language"]} />
      <ModeField chosen="sure" problem={problems["mode"]} />
      <WorkspaceField workspaces={workspaces} problem={problems["workspaceId"]} />
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? "One moment…" : "Add the channels"}
      </Button>
    </Form>
  );
}

function OpmlFile({ problem }: { problem: string | undefined }) {
  const id = useId();
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        OPML file
      </label>
      <input
        id={id}
        type="file"
        name="opml"
        required
        accept=".opml,.xml,text/x-opml,text/xml,application/xml"
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}-hint${problem ? ` ${id}-problem` : ""}`}
        className="field text-sm file:mr-3 file:rounded-md file:border-0 file:bg-sunken file:px-3 file:py-1 file:text-ink"
      />
      <p id={`${id}-hint`} className="text-sm text-soft">
        At most 500 feeds. What the workspace has already is skipped.
      </p>
      {problem ? (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
