import { href, useFetcher } from "react-router";
import type { ClosedSource } from "#records/channels/open-source.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Time, useNow } from "../ui/time.tsx";

/** Why nothing is fetched from a source, until when, and the way to have it tried sooner, which is for all channels. */
export function SourceClosed({ closed, canOpen }: { closed: ClosedSource; canOpen: boolean }) {
  const { source, closedUntil, reason } = closed;
  const fetcher = useFetcher();
  const now = useNow(10_000);
  if (now !== null && closedUntil <= now) return null;
  return (
    <Notice kind="warn" role="status">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-56">
          {reason} Every job that fetches from it waits until <Time at={closedUntil} exact />, and then goes on in
          order.
          {canOpen ? null : " Administrators of this server can have it tried sooner."}
        </p>
        {canOpen ? (
          <fetcher.Form method="post" action={href("/podcasts")}>
            <input type="hidden" name="intent" value="openSource" />
            <input type="hidden" name="source" value={source} />
            <Button type="submit" disabled={fetcher.state !== "idle"}>
              Try again now
            </Button>
          </fetcher.Form>
        ) : null}
      </div>
    </Notice>
  );
}
