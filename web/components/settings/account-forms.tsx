import { Form } from "react-router";
import type { SettingsAnswer } from "../../pages/settings/settings-actions.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Section } from "./section.tsx";
import { RevokeKeys } from "./revoke-keys.tsx";

interface AnswerTo {
  answer: SettingsAnswer | undefined;
}

function Outcome({ answer }: AnswerTo) {
  if (answer?.done) {
    return (
      <Notice kind="good" role="status">
        {answer.done}
      </Notice>
    );
  }
  if (!answer?.problems["form"]) return null;
  return (
    <Notice kind="bad" role="alert">
      {answer.problems["form"]}
    </Notice>
  );
}

export function ProfileForm({ actor, answer }: AnswerTo & { actor: { name: string; email: string } }) {
  return (
    <Section title="Profile" lead={`You sign in as ${actor.email}.`}>
      <Form method="post" className="max-w-md space-y-4">
        <input type="hidden" name="intent" value="profile" />
        <Field
          label="Name"
          name="name"
          autoComplete="name"
          defaultValue={actor.name}
          problem={answer?.problems["name"]}
        />
        <Button type="submit">Save the name</Button>
        <Outcome answer={answer} />
      </Form>
    </Section>
  );
}

export function PasswordForm({ answer, email }: AnswerTo & { email: string }) {
  return (
    <Section title="Password" lead="Changing it signs out every other browser.">
      <Form method="post" className="max-w-md space-y-4">
        <input type="hidden" name="intent" value="password" />
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field
          label="Present password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          problem={answer?.problems["currentPassword"]}
        />
        <Field
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more."
          problem={answer?.problems["newPassword"]}
        />
        <RevokeKeys />
        <Button type="submit">Change the password</Button>
        <Outcome answer={answer} />
      </Form>
    </Section>
  );
}
