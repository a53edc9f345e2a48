import { useFetcher } from "react-router";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";

/** Asks for what the channel published before it was added. */
export function BackfillForm() {
  const fetcher = useFetcher<ChannelAnswer>();
  const { problems = {}, message = null } = fetcher.data ?? {};
  return (
    <fetcher.Form method="post" noValidate className="panel space-y-3 p-4 sm:p-5">
      <input type="hidden" name="intent" value="backfill" />
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Bring in older videos since" name="since" type="date" required problem={problems["since"]} />
        <Button type="submit" disabled={fetcher.state !== "idle"}>
          Bring them in
        </Button>
      </div>
      {message === null ? null : (
        <p role="alert" className="text-sm text-danger">
          {message}
        </p>
      )}
    </fetcher.Form>
  );
}
