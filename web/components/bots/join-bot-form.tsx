import { Bot } from "lucide-react";
import { Form, useNavigation } from "react-router";
import { textLimits } from "#domain/text.ts";
import { Button } from "../ui/button.tsx";
import { Field, Select } from "../ui/field.tsx";
import { languages } from "../uploads/languages.ts";
import { WorkspaceField } from "../workspace/workspace-field.tsx";

interface JoinBotFormProps {
  meeting: { link: string; title: string };
  /** Where the bots can join, in words. */
  platforms: string;
  /** By the person's own rules. */
  botName: string;
  language: string;
  workspaces: readonly { id: string; name: string }[];
  problems: Record<string, string>;
}

/** Which meeting a bot is to join, and how it shows itself there. */
export function JoinBotForm({ meeting, platforms, botName, language, workspaces, problems }: JoinBotFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  const isListed = languages.some(({ value }) => value === language);
  return (
    <Form method="post" noValidate className="panel space-y-6 p-5 sm:p-7">
      <Field
        label="The meeting’s link"
        name="meetingUrl"
        type="url"
        required
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        defaultValue={meeting.link}
        placeholder="https://meet.google.com/abc-defg-hij"
        hint={`Of ${platforms}, as people open it.`}
        problem={problems["meetingUrl"]}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Title (optional)"
          name="title"
          defaultValue={meeting.title}
          maxLength={textLimits.title}
          problem={problems["title"]}
        />
        <div className="space-y-1.5">
          <Select
            label="Spoken language"
            name="language"
            defaultValue={language}
            options={isListed ? languages : [{ value: language, words: language }, ...languages]}
          />
          {problems["language"] ? <p className="text-sm text-danger">{problems["language"]}</p> : null}
        </div>
        <Field
          label="The bot’s name (optional)"
          name="botName"
          placeholder={botName}
          maxLength={textLimits.name}
          problem={problems["botName"]}
        />
        <div className="space-y-1.5">
          <WorkspaceField workspaces={workspaces} />
          {problems["workspaceId"] ? <p className="text-sm text-danger">{problems["workspaceId"]}</p> : null}
        </div>
      </div>
      <p className="text-sm text-soft">
        The people in the meeting see the bot by its name. Tell them that it records, and stop it if somebody does not
        want it.
      </p>
      <Button look="primary" type="submit" disabled={isBusy}>
        <Bot size={16} aria-hidden="true" /> {isBusy ? "One moment…" : "Send the bot"}
      </Button>
    </Form>
  );
}
