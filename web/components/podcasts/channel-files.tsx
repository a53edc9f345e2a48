import { Dialog } from "@base-ui/react/dialog";
import { Music } from "lucide-react";
import {
  coverWidths,
  jingleKinds,
  mostCoverBytes,
  mostJingleBytes,
  mostJingleSeconds,
} from "#domain/channels/channel-file.ts";
import type { JingleKind } from "#domain/channels/channel-file.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { bytes, clock } from "../ui/format.ts";
import { ChannelFileField } from "./channel-file-field.tsx";

type Channel = ChannelData["channel"];

/** What all of a channel's episodes have: heard or seen, given, replaced and removed. */
export function ChannelFiles({ channel }: { channel: Channel }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className={buttonClass("plain")}>
        <Music size={16} aria-hidden="true" /> Intro, outro, cover
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${dialogPopup} space-y-6`}>
          <Dialog.Title className="text-2xl">Intro, outro and cover</Dialog.Title>
          <Dialog.Description className="text-soft">
            They are in every episode that is made from now on; those that are there stay as they are. Intro and outro
            are faded into the talk: sound or video of {mostJingleSeconds} seconds and {bytes(mostJingleBytes)} at most.
          </Dialog.Description>
          {jingleKinds.map((kind) => (
            <Jingle key={kind} kind={kind} channel={channel} />
          ))}
          <Cover channel={channel} />
          <div className="flex justify-end">
            <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const names: Record<JingleKind, string> = { intro: "Intro", outro: "Outro" };

function Jingle({ kind, channel }: { kind: JingleKind; channel: Channel }) {
  const file = channel[kind];
  const path = `/api/channels/${channel.id}/${kind}`;
  return (
    <ChannelFileField
      kind={kind}
      name={names[kind]}
      path={path}
      file={file}
      none={`None: episodes ${kind === "intro" ? "begin" : "end"} with the talk.`}
      mostBytes={mostJingleBytes}
      accept="audio/*,video/*"
      kept="It is in every episode that is made from now on."
    >
      {file === null ? null : (
        <>
          <p className="figures text-sm text-soft">{clock(file.durationSeconds ?? 0)}</p>
          <audio
            key={file.id}
            controls
            preload="none"
            // Browsers keep what they heard at an address.
            src={`${path}?v=${file.id}`}
            aria-label={`${names[kind]} of the channel`}
            className="h-10 w-full"
          />
        </>
      )}
    </ChannelFileField>
  );
}

function Cover({ channel: { id, cover, imageUrl } }: { channel: Channel }) {
  const path = `/api/channels/${id}/cover`;
  const { least, most } = coverWidths;
  return (
    <ChannelFileField
      kind="cover"
      name="Cover"
      path={path}
      file={cover}
      none={imageUrl === null ? "None: apps show a picture of their own." : "The source’s own picture is in the feed."}
      hint={`JPEG or PNG, square, ${least} to ${most} pixels wide, ${mostCoverBytes / 1024} kB at most.`}
      mostBytes={mostCoverBytes}
      accept="image/jpeg,image/png"
      kept="It is in the feed, and in every episode that is made from now on."
    >
      {cover === null ? null : (
        <>
          <p className="figures text-sm text-soft">
            {cover.width} × {cover.width}, {bytes(cover.bytes)}
          </p>
          <img
            src={`${path}?v=${cover.id}`}
            alt="Cover of the podcast"
            className="size-32 rounded-lg border border-line"
          />
        </>
      )}
    </ChannelFileField>
  );
}
