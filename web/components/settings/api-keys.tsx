import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { SettingsAnswer } from "../../pages/settings/settings-actions.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { CopyOnce } from "../ui/copy-once.tsx";
import { Field, Select } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Time } from "../ui/time.tsx";
import { Section } from "./section.tsx";

interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
}

const lifetimes = [
  { value: "365", words: "One year" },
  { value: "30", words: "30 days" },
  { value: "", words: "Until revoked" },
];

/** Keys for programs: made, shown once, revoked. */
export function ApiKeys({ keys }: { keys: readonly ApiKey[] }) {
  const fetcher = useFetcher<SettingsAnswer>();
  const { key = null, problems = {} } = fetcher.data ?? {};
  return (
    <Section
      title="API keys"
      lead={
        <>
          Let programs act as you.{" "}
          <a className="link" href="/api/docs">
            How the API works
          </a>
        </>
      }
    >
      <fetcher.Form method="post" className="flex flex-wrap items-end gap-3">
        <input type="hidden" name="intent" value="createKey" />
        <Field
          label="What it is for"
          name="name"
          maxLength={textLimits.name}
          problem={problems["name"]}
          className="flex-1 basis-48"
        />
        <Select label="Works for" name="days" options={lifetimes} className="basis-36" />
        <Button type="submit" className="min-h-11" disabled={fetcher.state !== "idle"}>
          Create a key
        </Button>
      </fetcher.Form>
      {key === null ? null : (
        <Notice kind="good" role="status">
          <p className="mb-2">This is the only time the key is shown.</p>
          <CopyOnce label="New API key" value={key} />
        </Notice>
      )}
      {keys.length === 0 ? (
        <p className="text-sm text-soft">No key yet.</p>
      ) : (
        <ul aria-label="API keys" className="panel divide-y divide-line">
          {keys.map((each) => (
            <li key={each.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <div className="min-w-0 flex-1">
                <p className="font-medium">{each.name}</p>
                <p className="text-sm text-soft">
                  <code className="font-mono">{each.prefix}…</code>
                  {", "}
                  {each.lastUsedAt === null ? (
                    "never used"
                  ) : (
                    <>
                      used <Time at={each.lastUsedAt} />
                    </>
                  )}
                  {each.expiresAt === null ? (
                    ""
                  ) : (
                    <>
                      {", ends "}
                      <Time at={each.expiresAt} />
                    </>
                  )}
                </p>
              </div>
              <Confirm
                trigger={<Button look="quiet">Revoke</Button>}
                title={`Revoke “${each.name}”?`}
                action="Revoke it"
                fields={{ intent: "revokeKey", id: each.id }}
              >
                Programs that use it are refused at once.
              </Confirm>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
