import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { CopyOnce } from "../ui/copy-once.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { QrCode } from "../ui/qr-code.tsx";
import { Time } from "../ui/time.tsx";

/** Addresses of the podcast for one listener each: made, shown once, revoked. */
export function PrivateAddresses({ listeners }: Pick<ChannelData, "listeners">) {
  const fetcher = useFetcher<ChannelAnswer>();
  const { feedUrl = null, message = null, problems = {} } = fetcher.data ?? {};
  return (
    <div className="space-y-3 border-t border-line pt-4">
      <h3 className="font-medium">Addresses for one listener each</h3>
      <p className="text-sm text-soft">
        Each can be revoked without changing anybody else’s, and directories are told not to list what is there.
      </p>
      <fetcher.Form method="post" className="flex flex-wrap items-end gap-3">
        <input type="hidden" name="intent" value="addListener" />
        {/* A name that stayed would make a second address by another click. */}
        <Field
          key={feedUrl}
          label="Whom it is for"
          name="name"
          autoComplete="off"
          maxLength={textLimits.name}
          problem={problems["name"]}
          className="flex-1 basis-48"
        />
        <Button type="submit" className="min-h-11" disabled={fetcher.state !== "idle"}>
          Make an address
        </Button>
      </fetcher.Form>
      {message === null ? null : (
        <p role="alert" className="text-sm text-danger">
          {message}
        </p>
      )}
      {feedUrl === null ? null : (
        <Notice kind="good" role="status">
          <p className="mb-2">This is the only time the address is shown.</p>
          <CopyOnce key={feedUrl} label="New address" value={feedUrl} />
          <div className="mt-3">
            <QrCode label="The new address as a QR code" value={feedUrl} />
          </div>
        </Notice>
      )}
      {listeners.length === 0 ? (
        <p className="text-sm text-soft">Nobody has one yet.</p>
      ) : (
        <ul aria-label="Listeners" className="divide-y divide-line">
          {listeners.map(({ id, name, lastUsedAt }) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2">
              <div className="min-w-0">
                <p className="break-words">{name}</p>
                <p className="text-sm text-soft">
                  {lastUsedAt === null ? (
                    "never used"
                  ) : (
                    <>
                      used <Time at={lastUsedAt} />
                    </>
                  )}
                </p>
              </div>
              <Confirm
                trigger={
                  <Button>
                    Revoke<span className="sr-only"> the address of {name}</span>
                  </Button>
                }
                title={`Revoke the address of ${name}?`}
                action="Revoke it"
                fields={{ intent: "removeListener", listenerId: id }}
              >
                Their app finds nothing there any more. Episodes that it has fetched stay with it.
              </Confirm>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
