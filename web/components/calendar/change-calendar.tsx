import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { CalendarView } from "#records/calendars/calendars.ts";
import type { ConnectionAnswer } from "../../calendar/connection-actions.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { CalendarFile } from "./calendar-file.tsx";

/** Changes what a calendar is called, whose it is, and where it comes from. */
export function ChangeCalendar({ calendar: { id, name, addresses, kind, account } }: { calendar: CalendarView }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className={buttonClass("plain")}>
        Change<span className="sr-only"> {name}</span>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${dialogPopup} space-y-8`}>
          <Dialog.Title className="text-2xl">Change {name}</Dialog.Title>
          <PartForm id={id} intent="change" submit="Save">
            {(problems) => (
              <>
                <Field
                  label="Name"
                  name="name"
                  defaultValue={name}
                  maxLength={textLimits.title}
                  problem={problems["name"]}
                />
                <Field
                  label="Your addresses in it"
                  name="addresses"
                  defaultValue={addresses.join(", ")}
                  autoComplete="off"
                  hint="Besides that of your account, with commas between them."
                  problem={problems["addresses"]}
                />
              </>
            )}
          </PartForm>
          {account === null ? (
            <PartForm id={id} intent="replace" submit={kind === "file" ? "Replace the file" : "Replace the address"}>
              {(problems) =>
                kind === "file" ? (
                  <CalendarFile problem={problems["content"]} />
                ) : (
                  <Field
                    label="Another address for it"
                    name="url"
                    type="url"
                    autoComplete="off"
                    spellCheck={false}
                    hint="The present one is kept secret, so it is not shown."
                    problem={problems["url"]}
                  />
                )
              }
            </PartForm>
          ) : null}
          <div className="flex justify-end">
            <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PartFormProps {
  id: string;
  intent: "change" | "replace";
  submit: string;
  children: (problems: Record<string, string>) => ReactNode;
}

function PartForm({ id, intent, submit, children }: PartFormProps) {
  const fetcher = useFetcher<ConnectionAnswer>();
  return (
    <fetcher.Form method="post" encType="multipart/form-data" noValidate className="space-y-4">
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="id" value={id} />
      {children(fetcher.data?.problems ?? {})}
      <Button type="submit" disabled={fetcher.state !== "idle"}>
        {submit}
      </Button>
      <div role="status" className="empty:hidden">
        {fetcher.state === "idle" && fetcher.data?.done ? <Notice kind="good">{fetcher.data.done}</Notice> : null}
      </div>
    </fetcher.Form>
  );
}
