import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import type { ReactNode } from "react";
import { useFetcher } from "react-router";
import type { DeletionOutlook } from "#records/accounts/delete-account.ts";
import type { SettingsAnswer } from "../../pages/settings/settings-actions.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Section } from "./section.tsx";

interface Props {
  email: string;
  outlook: DeletionOutlook;
}

/** What goes with the account and what stays, and the way to it. */
export function DeleteAccount({ email, outlook }: Props) {
  const { refusal, gone, kept } = outlook;
  return (
    <Section title="Delete your account" lead="For good: nobody can bring it back, whoever runs this server included.">
      <div className="max-w-prose space-y-3 text-sm">
        <p>
          What is yours alone goes: your recordings, meetings, podcasts with their episodes, agents, calendars and bots,
          with all files, and what bots recorded at their providers. Your address can be used for a new account then.
        </p>
        {gone.length === 0 ? null : (
          <p>Workspaces that have nobody but you in them go too, with all that they hold: {listed(gone)}.</p>
        )}
        {kept.length === 0 ? (
          <p>You share no workspace with others, so nothing stays.</p>
        ) : (
          <>
            <p>In workspaces that you share, what you made stays for the others, without your name as its owner:</p>
            <ul className="list-disc space-y-1 pl-5">
              {kept.map(({ name, owner }, index) => (
                <li key={index}>
                  <bdi className="font-medium">{name}</bdi>
                  {owner === null ? null : (
                    <>
                      {", which "}
                      <bdi className="font-medium">{owner}</bdi> will own
                    </>
                  )}
                </li>
              ))}
            </ul>
            <p>Delete there first what is not to stay.</p>
          </>
        )}
      </div>
      {refusal === null ? <Asking email={email} /> : <Notice kind="info">{refusal}</Notice>}
    </Section>
  );
}

function listed(names: readonly string[]): ReactNode {
  return names.map((name, index) => (
    <span key={index}>
      {index === 0 ? "" : ", "}
      <bdi className="font-medium">{name}</bdi>
    </span>
  ));
}

function Asking({ email }: { email: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass("danger")}>Delete my account…</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="text-2xl">Delete your account?</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            You are signed out everywhere at once, and your API keys end. It cannot be undone.
          </Dialog.Description>
          <PasswordForm email={email} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Leads to the sign-in page once it is done; where it is refused, says why. */
function PasswordForm({ email }: { email: string }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const { problems = {} } = fetcher.data ?? {};
  return (
    <fetcher.Form method="post" className="mt-5 space-y-4">
      <input type="hidden" name="intent" value="deleteAccount" />
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field
        label="Your present password"
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        required
        problem={problems["currentPassword"]}
      />
      {problems["form"] === undefined ? null : (
        <Notice kind="bad" role="alert">
          {problems["form"]}
        </Notice>
      )}
      <div className="flex flex-wrap justify-end gap-3">
        <Dialog.Close className={buttonClass("plain")}>Keep it</Dialog.Close>
        <Button look="danger" type="submit" disabled={fetcher.state !== "idle"}>
          Delete my account
        </Button>
      </div>
    </fetcher.Form>
  );
}
