import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Link, href } from "react-router";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { bytes } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { Time } from "../ui/time.tsx";
import type { Leftover } from "./leftovers.ts";
import type { Recorder } from "./recorder.ts";

interface LeftoverListProps {
  leftovers: readonly Leftover[];
  leftoversOf: Recorder["leftovers"];
}

/** Recordings whose page was closed before everything was sent; they are on their way by themselves. */
export function LeftoverList({ leftovers, leftoversOf }: LeftoverListProps) {
  if (leftovers.length === 0) return null;
  return (
    <Notice kind="info" role="status">
      <p className="font-medium">Cut short earlier</p>
      <ul className="mt-2 space-y-3">
        {leftovers.map((leftover) => (
          <li key={leftover.id} className="space-y-1">
            <p className="min-w-0 break-words">
              {leftover.title || leftover.fileName}, <Time at={new Date(leftover.startedAt)} />
            </p>
            <LeftoverState leftover={leftover} leftoversOf={leftoversOf} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function LeftoverState({ leftover, leftoversOf }: { leftover: Leftover; leftoversOf: Recorder["leftovers"] }) {
  const { id, size, sender, conversationId } = leftover;
  if (conversationId !== null) {
    return (
      <p className="flex flex-wrap items-center gap-x-3">
        Saved whole.
        <Link to={href("/recordings/:id", { id: conversationId })} className="link">
          Open
        </Link>
        <Button look="quiet" onClick={() => leftoversOf.dismiss(id)}>
          Dismiss
        </Button>
      </p>
    );
  }
  return (
    <>
      <p className="figures text-soft">
        {bytes(sender.sent)} of {bytes(size)} sent.{" "}
        {sender.state === "sending" ? "" : (sender.problem ?? "It is sent when Convene can be reached.")}
      </p>
      {sender.state === "sending" ? null : (
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => void save(leftoversOf.file(id), leftover.fileName)}>Save as a file</Button>
          <Discard onDiscard={() => void leftoversOf.discard(id)} />
        </div>
      )}
    </>
  );
}

function Discard({ onDiscard }: { onDiscard: () => void }) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger render={<Button look="danger" />}>Discard</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={dialogPopup}>
          <AlertDialog.Title className="text-2xl">Discard what was not sent?</AlertDialog.Title>
          <AlertDialog.Description className="mt-3 text-soft">
            It is removed from this browser. What the server has already becomes a recording.
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonClass("plain")}>Keep it</AlertDialog.Close>
            <AlertDialog.Close className={buttonClass("danger")} onClick={onDiscard}>
              Discard
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

async function save(file: Promise<Blob>, name: string): Promise<void> {
  const url = URL.createObjectURL(await file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
