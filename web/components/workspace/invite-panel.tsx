import { useFetcher } from "react-router";
import { Button } from "../button.tsx";
import { CopyOnce } from "../copy-once.tsx";
import { Select } from "../field.tsx";
import { Notice } from "../notice.tsx";

const roles = [
  { value: "member", words: "Member: adds and changes recordings" },
  { value: "viewer", words: "Viewer: reads and listens" },
  { value: "admin", words: "Admin: also manages people" },
];

/** Makes a link that lets one person in. */
export function InvitePanel() {
  const fetcher = useFetcher<{ link: string | null }>();
  const link = fetcher.data?.link ?? null;
  return (
    <section aria-labelledby="invite" className="panel space-y-4 p-5 sm:p-6">
      <h2 id="invite" className="text-xl">
        Invite someone
      </h2>
      <fetcher.Form method="post" className="flex flex-wrap items-end gap-3">
        <input type="hidden" name="intent" value="invite" />
        <Select label="Role" name="role" options={roles} className="min-w-0 flex-1 basis-64" />
        <Button look="primary" type="submit" disabled={fetcher.state !== "idle"} className="min-h-11">
          Make an invite link
        </Button>
      </fetcher.Form>
      {link === null ? null : (
        <Notice kind="good" role="status">
          <p className="mb-2">Send this link. It works once, for two weeks, and is not shown again.</p>
          <CopyOnce label="Invite link" value={link} />
        </Notice>
      )}
    </section>
  );
}
