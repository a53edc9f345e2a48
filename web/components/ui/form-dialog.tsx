import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { useFetcher } from "react-router";
import { Button, buttonClass } from "./button.tsx";
import { backdrop, dialogPopup } from "./dialog-style.ts";
import { Notice } from "./notice.tsx";
import { useAnswer } from "./use-answer.ts";

interface FormDialogProps {
  /** Of the button that opens it, whose words are the title too; without one, something else opens it. */
  icon?: ReactNode;
  title: string;
  lead: string;
  /** What the page's action is asked to do, and the button that asks for it. */
  intent: string;
  submit: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
}

/** A button, and the few questions it asks before the page's action is done; what was entered stays where that is refused. */
export function FormDialog({ icon, title, lead, intent, submit, isOpen, onOpenChange, children }: FormDialogProps) {
  const fetcher = useFetcher();
  const { problem, forget } = useAnswer(fetcher, () => onOpenChange(false));
  const change = (open: boolean) => {
    onOpenChange(open);
    forget();
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={change}>
      {icon === undefined ? null : (
        <Dialog.Trigger className={buttonClass("plain")}>
          {icon} {title}
        </Dialog.Trigger>
      )}
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="text-2xl">{title}</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">{lead}</Dialog.Description>
          <fetcher.Form method="post" className="mt-5 space-y-4">
            <input type="hidden" name="intent" value={intent} />
            {children}
            {problem === null ? null : (
              <Notice kind="bad" role="alert">
                {problem}
              </Notice>
            )}
            <div className="flex flex-wrap justify-end gap-3">
              <Dialog.Close className={buttonClass("plain")}>Not now</Dialog.Close>
              <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
                {submit}
              </Button>
            </div>
          </fetcher.Form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
