import { AlertDialog } from "@base-ui/react/alert-dialog";
import { useState } from "react";
import type { ReactElement, ReactNode } from "react";
import { useFetcher } from "react-router";
import { Button, buttonClass } from "./button.tsx";
import { backdrop, dialogPopup } from "./dialog-style.ts";
import { Notice } from "./notice.tsx";
import { useAnswer } from "./use-answer.ts";

/** Asks before something that cannot be undone, says what it will do, then posts `fields` to the page, or to another; stays open where that is refused. */
export function Confirm({
  trigger,
  title,
  action,
  fields,
  to,
  look = "danger",
  decline = "Keep it",
  children,
}: {
  trigger: ReactElement;
  title: string;
  /** The word on the button that does it. */
  action: string;
  fields: Record<string, string>;
  /** Another page that they are posted to. */
  to?: string;
  look?: "danger" | "primary";
  /** The word on the button that leaves everything as it is. */
  decline?: string;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const fetcher = useFetcher();
  const isBusy = fetcher.state !== "idle";
  const { problem, forget } = useAnswer(fetcher, () => setOpen(false));
  const change = (open: boolean) => {
    setOpen(open);
    if (open) forget();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={change}>
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={dialogPopup}>
          <AlertDialog.Title className="text-2xl">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-3 text-soft">{children}</AlertDialog.Description>
          <fetcher.Form
            method="post"
            {...(to === undefined ? {} : { action: to })}
            className="mt-6 flex flex-wrap justify-end gap-3"
          >
            {problem === null ? null : (
              <div className="basis-full">
                <Notice kind="bad" role="alert">
                  {problem}
                </Notice>
              </div>
            )}
            {Object.entries(fields).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <AlertDialog.Close className={buttonClass("plain")}>{decline}</AlertDialog.Close>
            <Button look={look} type="submit" disabled={isBusy}>
              {action}
            </Button>
          </fetcher.Form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
