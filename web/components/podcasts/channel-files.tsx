import { Dialog } from "@base-ui/react/dialog";
import { Music } from "lucide-react";
import { useId } from "react";
import { mostJingleBytes, mostJingleSeconds } from "#domain/channels/channel-file.ts";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { bytes, clock } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { useChannelFile } from "./use-channel-file.ts";

type Channel = ChannelData["channel"];

/** What all of a channel's episodes have: heard, given, replaced and removed. */
export function ChannelFiles({ channel }: { channel: Channel }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className={buttonClass("plain")}>
        <Music size={16} aria-hidden="true" /> Intro and outro
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${dialogPopup} space-y-6`}>
          <Dialog.Title className="text-2xl">Intro and outro</Dialog.Title>
          <Dialog.Description className="text-soft">
            What comes before and after every episode that is made from now on, faded into the talk. Sound or video of{" "}
            {mostJingleSeconds} seconds and {bytes(mostJingleBytes)} at most. Episodes that are there stay as they are.
          </Dialog.Description>
          <Jingle kind="intro" channelId={channel.id} file={channel.intro} />
          <Jingle kind="outro" channelId={channel.id} file={channel.outro} />
          <div className="flex justify-end">
            <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const names: Record<JingleKind, string> = { intro: "Intro", outro: "Outro" };

function Jingle({ kind, channelId, file }: { kind: JingleKind; channelId: string; file: Channel["intro"] }) {
  const id = useId();
  const path = `/api/channels/${channelId}/${kind}`;
  const { send, isSending, said } = useChannelFile(path, mostJingleBytes);
  return (
    <section aria-labelledby={`${id}-name`} className="space-y-3 border-t border-line pt-5">
      <h3 id={`${id}-name`} className="font-medium">
        {names[kind]}
      </h3>
      {file === null ? (
        <p className="text-sm text-soft">None: episodes {kind === "intro" ? "begin" : "end"} with the talk.</p>
      ) : (
        <div className="space-y-2">
          <p className="text-sm break-words">
            {file.fileName} <span className="figures text-soft">{clock(file.durationSeconds ?? 0)}</span>
          </p>
          <audio
            key={file.id}
            controls
            preload="none"
            // Browsers keep what they heard at an address.
            src={`${path}?v=${file.id}`}
            aria-label={`${names[kind]} of the channel`}
            className="h-10 w-full"
          />
          <Confirm
            trigger={
              <Button>
                Remove<span className="sr-only"> the {kind}</span>
              </Button>
            }
            title={`Remove the ${kind}?`}
            action="Remove it"
            fields={{ intent: "removeFile", kind }}
          >
            Episodes that are made from now on go without it. The file is deleted.
          </Confirm>
        </div>
      )}
      <label htmlFor={id} className="block text-sm font-medium">
        {file === null ? `Give the channel an ${kind}` : "Replace it with"}
      </label>
      <input
        id={id}
        type="file"
        accept="audio/*,video/*"
        disabled={isSending}
        aria-describedby={`${id}-said`}
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen !== undefined) send(chosen);
          // The same file may be chosen again.
          target.value = "";
        }}
        className="max-w-full text-sm text-soft file:mr-3 file:min-h-10 file:cursor-pointer file:rounded-lg file:border file:border-edge file:bg-card file:px-4 file:text-sm file:font-medium file:text-ink"
      />
      <div id={`${id}-said`} role="status" className="empty:hidden">
        {isSending ? <p className="text-sm text-soft">Sending and checking it…</p> : null}
        {said === "kept" ? <Notice kind="good">It is in every episode that is made from now on.</Notice> : null}
      </div>
      {said === null || said === "kept" ? null : (
        <Notice kind="bad" role="alert">
          {said.problem}
        </Notice>
      )}
    </section>
  );
}
