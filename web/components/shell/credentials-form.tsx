import type { ReactNode } from "react";
import { Form, useNavigation } from "react-router";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";

interface CredentialsFormProps {
  answer: { message: string | null; problems: Record<string, string> } | undefined;
  /** Lets password managers offer the one that is known, or make one. */
  password: { autoComplete: "current-password" | "new-password"; hint?: string };
  submit: { words: string; busyWords: string };
  /** Fields above the address. */
  children?: ReactNode;
}

/** E-mail address and password, with what was wrong with them the last time. */
export function CredentialsForm({ answer, password, submit, children }: CredentialsFormProps) {
  const isBusy = useNavigation().state !== "idle";
  const problems = answer?.problems ?? {};
  return (
    <Form method="post" className="space-y-4" noValidate>
      {answer?.message ? (
        <Notice kind="bad" role="alert">
          {answer.message}
        </Notice>
      ) : null}
      {children}
      <Field label="E-mail" name="email" type="email" autoComplete="username" required problem={problems["email"]} />
      <Field label="Password" name="password" type="password" {...password} required problem={problems["password"]} />
      <Button look="primary" type="submit" disabled={isBusy} className="w-full">
        {isBusy ? submit.busyWords : submit.words}
      </Button>
    </Form>
  );
}
