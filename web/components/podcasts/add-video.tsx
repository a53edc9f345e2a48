import { Dialog } from "@base-ui/react/dialog";
import { Upload } from "lucide-react";
import { useEffect, useState } from "react";
import { useFetcher } from "react-router";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Select } from "../ui/field.tsx";
import { bytes, plural } from "../ui/format.ts";
import { ownTimeZone } from "../ui/local-time.ts";
import { Notice } from "../ui/notice.tsx";
import { problemWith } from "../uploads/check-file.ts";
import { DropZone } from "../uploads/drop-zone.tsx";
import { StagedList, titleIn } from "../uploads/staged-files.tsx";
import { UnfinishedUploads } from "../uploads/unfinished-uploads.tsx";
import { useUploader } from "../uploads/use-uploader.tsx";

type AddVideoProps = { channelId: string } & NonNullable<ChannelData["uploads"]>;

/** Puts files into a channel of own files, or recordings that are here already. Files dropped on its page land here. */
export function AddVideo({ channelId, maxBytes, recordings }: AddVideoProps) {
  const [{ unfinished }, uploader] = useUploader();
  const [isOpen, setOpen] = useState(false);
  const [files, setFiles] = useState<readonly File[]>([]);
  useEffect(
    () =>
      uploader.takeDrops((dropped) => {
        setFiles((before) => [...before, ...dropped]);
        setOpen(true);
      }),
    [uploader],
  );
  const good = files.filter((file) => problemWith(file, maxBytes) === null);
  const send = (form: FormData) => {
    const timeZone = ownTimeZone();
    for (const file of good) {
      void uploader.send(file, { channelId, title: titleIn(form, files, file), timeZone });
    }
    setFiles([]);
    setOpen(false);
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass("primary")}>
        <Upload size={16} aria-hidden="true" /> Add a video
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${dialogPopup} space-y-5`}>
          <Dialog.Title className="text-2xl">Add a video</Dialog.Title>
          <Dialog.Description className="text-soft">
            Sound or video, up to {bytes(maxBytes)} each. Each file becomes an episode, and uploads go on while you
            browse.
          </Dialog.Description>
          <UnfinishedUploads
            unfinished={unfinished.filter((each) => each.channelId === channelId)}
            onForget={(key) => void uploader.forget(key)}
          />
          <DropZone isSmall={files.length > 0} onFiles={(chosen) => setFiles([...files, ...chosen])} />
          {files.length === 0 ? null : (
            <form action={send} aria-label="Files to upload" className="space-y-5">
              <StagedList
                files={files}
                maxBytes={maxBytes}
                onRemove={(file) => setFiles(files.filter((each) => each !== file))}
              />
              <Button look="primary" type="submit" disabled={good.length === 0}>
                Upload {plural(good.length, "file")}
              </Button>
            </form>
          )}
          {recordings.length === 0 || files.length > 0 ? null : <OfRecording recordings={recordings} />}
          <div className="flex justify-end">
            <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A recording of the workspace: it stays, the episode has a copy. */
function OfRecording({ recordings }: Pick<AddVideoProps, "recordings">) {
  const fetcher = useFetcher<ChannelAnswer>();
  const { message = null, done = null } = fetcher.state === "idle" ? (fetcher.data ?? {}) : {};
  return (
    <fetcher.Form method="post" className="space-y-3 border-t border-line pt-5">
      <input type="hidden" name="intent" value="addRecording" />
      <Select
        label="Or a recording that is here already"
        name="recordingId"
        options={recordings.map(({ id, title }) => ({ value: id, words: title }))}
      />
      <Button type="submit" disabled={fetcher.state !== "idle"}>
        Make an episode of it
      </Button>
      <div role="status" className="empty:hidden">
        {done === null ? null : <Notice kind="good">{done}</Notice>}
      </div>
      {message === null ? null : (
        <Notice kind="bad" role="alert">
          {message}
        </Notice>
      )}
    </fetcher.Form>
  );
}
