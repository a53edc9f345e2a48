import { useEffect, useRef, useState } from "react";
import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { ConnectionAnswer } from "../../calendar/connection-actions.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { CalendarFile } from "./calendar-file.tsx";
import { AddressHelp } from "./address-help.tsx";

type Kind = "ics" | "file";
const kinds: readonly (readonly [Kind, string])[] = [
  ["ics", "By its address"],
  ["file", "By a file"],
];

/** Connects a calendar, by its address or by a file. */
export function ConnectForm({ workspaces }: { workspaces: readonly { id: string; name: string }[] }) {
  const fetcher = useFetcher<ConnectionAnswer>();
  const [kind, setKind] = useState<Kind>("ics");
  const isBusy = fetcher.state !== "idle";
  const { problems = {}, done = null } = fetcher.data ?? {};
  const form = useRef<HTMLFormElement>(null);
  // Emptied for the next calendar, and not replaced, so that the focus stays.
  useEffect(() => {
    if (fetcher.data?.done) form.current?.reset();
  }, [fetcher.data]);
  return (
    <section aria-labelledby="connect" className="panel space-y-5 p-5 sm:p-6">
      <h2 id="connect" className="text-xl">
        Connect a calendar
      </h2>
      <fetcher.Form
        ref={form}
        onReset={() => setKind("ics")}
        method="post"
        encType="multipart/form-data"
        noValidate
        className="space-y-5"
      >
        <input type="hidden" name="intent" value="connect" />
        <fieldset>
          <legend className="sr-only">How</legend>
          <div className="flex flex-wrap gap-x-6">
            {kinds.map(([value, words]) => (
              <label key={value} className="flex min-h-11 items-center gap-2.5 text-sm">
                <input
                  type="radio"
                  name="kind"
                  value={value}
                  checked={kind === value}
                  onChange={() => setKind(value)}
                  className="size-4 accent-accent"
                />
                {words}
              </label>
            ))}
          </div>
        </fieldset>
        {kind === "ics" ? (
          <>
            <Field
              label="Address in iCal format"
              name="url"
              type="url"
              autoComplete="off"
              spellCheck={false}
              placeholder="https://calendar.example.com/…/basic.ics"
              hint="Whoever knows it can read the calendar, so it is kept secret here and not shown again."
              problem={problems["url"]}
            />
            <AddressHelp />
          </>
        ) : (
          <CalendarFile problem={problems["content"]} />
        )}
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Name (optional)"
            name="name"
            maxLength={textLimits.title}
            placeholder="Work"
            problem={problems["name"]}
          />
          <Field
            label="Your addresses in it (optional)"
            name="addresses"
            autoComplete="off"
            placeholder="ada@example.com, ada@example.org"
            hint="Besides that of your account. They tell which invitations are yours."
            problem={problems["addresses"]}
          />
        </div>
        <WorkspaceField label="Recordings of its meetings go to" workspaces={workspaces} />
        <Button look="primary" type="submit" disabled={isBusy}>
          {isBusy ? "One moment…" : "Connect"}
        </Button>
      </fetcher.Form>
      {problems["form"] ? (
        <Notice kind="bad" role="alert">
          {problems["form"]}
        </Notice>
      ) : null}
      {done === null ? null : (
        <Notice kind="good" role="status">
          {done}
        </Notice>
      )}
    </section>
  );
}
