import { Form, useNavigation } from "react-router";
import { mostStarted } from "#domain/inputs/channel.ts";
import { textLimits } from "#domain/text.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { LanguageField, ModeField, SourceField } from "./channel-fields.tsx";
import { FilterFields } from "./filter-fields.tsx";
import { RightsBox } from "./rights-box.tsx";

interface NewChannelFormProps {
  workspaces: readonly { id: string; name: string }[];
  languages: readonly { value: string; words: string }[];
  problems: Record<string, string>;
  /** What was in the fields of a form that was not taken. */
  typed: Record<string, string>;
}

/** Shown by what is chosen above it, also before the page's script has come. */
const ofUploads = "hidden group-has-[[value=upload]:checked]:block";
const ofYoutube = "hidden group-has-[[value=youtube]:checked]:block";
const ofAddresses = "group-has-[[value=upload]:checked]:hidden";
const ofFeeds = `${ofAddresses} group-has-[[value=youtube]:checked]:hidden`;

/** A new channel: where it is read from, and what becomes of what it holds. */
export function NewChannelForm({ workspaces, languages, problems, typed }: NewChannelFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  return (
    <Form method="post" noValidate className="group panel space-y-6 p-5 sm:p-6">
      <SourceField chosen={typed["source"] ?? "feed"} problem={problems["source"]} />
      <div className={ofUploads}>
        <Field
          label="Title"
          name="title"
          required
          maxLength={textLimits.title}
          defaultValue={typed["title"]}
          hint="What the podcast is called."
          problem={problems["title"]}
        />
      </div>
      <div className={ofFeeds}>
        <Field
          label="Address of the feed"
          name="url"
          type="url"
          required
          autoComplete="off"
          spellCheck={false}
          defaultValue={typed["url"]}
          placeholder="https://podcast.example.com/feed.xml"
          hint="RSS, Atom or JSON Feed, with sound or video in its items."
          problem={problems["url"]}
        />
      </div>
      <div className={ofYoutube}>
        <Field
          label="Channel"
          name="channel"
          required
          autoComplete="off"
          spellCheck={false}
          defaultValue={typed["channel"]}
          placeholder="@handle"
          hint="Its address, its @handle or its id."
          problem={problems["url"]}
        />
      </div>
      <RightsBox
        label="I may republish what this channel holds"
        isTicked={typed["rights"] === "on"}
        problem={problems["rights"]}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <LanguageField languages={languages} chosen={typed["language"] ?? ""} problem={problems["language"]} />
        <div className={ofAddresses}>
          <Field
            label="Also make episodes of the last"
            name="last"
            type="number"
            inputMode="numeric"
            min={0}
            max={mostStarted}
            defaultValue={typed["last"] ?? "0"}
            hint={`Of what it holds now, ${mostStarted} at most; the rest can be begun one by one later.`}
            problem={problems["last"]}
          />
        </div>
      </div>
      <ModeField chosen={typed["mode"] ?? "sure"} problem={problems["mode"]} />
      <div className={ofAddresses}>
        <FilterFields
          filters={null}
          typed={typed}
          problems={problems}
          note="What passes them becomes an episode by itself; what does not is listed with the reason, and can be begun by hand."
        />
      </div>
      <WorkspaceField workspaces={workspaces} chosen={typed["workspaceId"]} problem={problems["workspaceId"]} />
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? "One moment…" : "Add the channel"}
      </Button>
    </Form>
  );
}
