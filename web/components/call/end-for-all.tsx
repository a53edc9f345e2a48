import { AlertDialog } from "@base-ui/react/alert-dialog";
import { PhoneOff } from "lucide-react";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";

/** The host's own way out: it takes everybody along, so it asks first. */
export function EndForAll({ onEnd }: { onEnd: () => void }) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger render={<Button look="danger" />}>
        <PhoneOff size={16} aria-hidden="true" /> End for all
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={dialogPopup}>
          <AlertDialog.Title className="text-2xl">End the call for everybody?</AlertDialog.Title>
          <AlertDialog.Description className="mt-3 text-soft">
            Everybody is sent out, and the summary is made of what was said up to now. The call cannot be opened again.
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonClass("plain")}>Go on talking</AlertDialog.Close>
            <AlertDialog.Close className={buttonClass("danger")} onClick={onEnd}>
              End the call
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
