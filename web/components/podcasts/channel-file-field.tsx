import { useId } from "react";
import type { ReactNode } from "react";
import type { ChannelFileKind } from "#domain/channels/channel-file.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { useChannelFile } from "./use-channel-file.ts";

interface ChannelFileFieldProps {
  kind: ChannelFileKind;
  name: string;
  /** Where it is sent. */
  path: string;
  file: { fileName: string } | null;
  /** Said where the channel has none. */
  none: string;
  hint?: string;
  mostBytes: number;
  accept: string;
  /** Said once it is kept. */
  kept: string;
  /** The file to be heard or seen. */
  children: ReactNode;
}

/** One file of a channel: what it has, and how to give it another or none. */
export function ChannelFileField(props: ChannelFileFieldProps) {
  const { kind, name, path, file, none, hint, mostBytes, accept, kept, children } = props;
  const id = useId();
  const { send, isSending, said } = useChannelFile(path, mostBytes);
  return (
    <section aria-labelledby={`${id}-name`} className="space-y-3 border-t border-line pt-5">
      <h3 id={`${id}-name`} className="font-medium">
        {name}
      </h3>
      {file === null ? (
        <p className="text-sm text-soft">{none}</p>
      ) : (
        <div className="space-y-2">
          <p className="text-sm break-words">{file.fileName}</p>
          {children}
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
        {file === null ? `Give the channel ${kind === "cover" ? "a" : "an"} ${kind}` : "Replace it with"}
      </label>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={isSending}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen !== undefined) send(chosen);
          // The same file may be chosen again.
          target.value = "";
        }}
        className="max-w-full text-sm text-soft file:mr-3 file:min-h-10 file:cursor-pointer file:rounded-lg file:border file:border-edge file:bg-card file:px-4 file:text-sm file:font-medium file:text-ink"
      />
      <div role="status" className="empty:hidden">
        {isSending ? <p className="text-sm text-soft">Sending and checking it…</p> : null}
        {said === "kept" && file !== null ? <Notice kind="good">{kept}</Notice> : null}
      </div>
      {said === null || said === "kept" ? null : (
        <Notice kind="bad" role="alert">
          {said.problem}
        </Notice>
      )}
    </section>
  );
}
