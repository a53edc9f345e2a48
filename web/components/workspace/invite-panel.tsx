import { useFetcher } from "react-router";
import { Button } from "../ui/button.tsx";
import { CopyOnce } from "../ui/copy-once.tsx";
import { Field, Select } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";

const roles = [
  { value: "member", words: "Member: adds and changes recordings" },
  { value: "viewer", words: "Viewer: reads and listens" },
  { value: "admin", words: "Admin: also manages people" },
];

interface Answer {
  link: string | null;
  mailedTo: string | null;
  problem: string | null;
}

/** Invites one person: by mail where this server mails and an address is given, else by a link to pass on. */
export function InvitePanel({ canMail }: { canMail: boolean }) {
  const fetcher = useFetcher<Answer>();
  const { link = null, mailedTo = null, problem = null } = fetcher.data ?? {};
  return (
    <section aria-labelledby="invite" className="panel space-y-4 p-5 sm:p-6">
      <h2 id="invite" className="text-xl">
        Invite someone
      </h2>
      <fetcher.Form method="post" className="space-y-4" noValidate>
        <input type="hidden" name="intent" value="invite" />
        <div className="grid gap-4 sm:grid-cols-2">
          {canMail ? (
            <Field
              label="E-mail (optional)"
              name="email"
              type="email"
              autoComplete="off"
              className="min-w-0"
              hint="They get the link by mail. Without an address you get it, to pass on."
              problem={problem ?? undefined}
            />
          ) : null}
          <Select label="Role" name="role" options={roles} className="min-w-0" />
        </div>
        <Button look="primary" type="submit" disabled={fetcher.state !== "idle"} className="min-h-11">
          {canMail ? "Invite" : "Make an invite link"}
        </Button>
      </fetcher.Form>
      {link === null ? null : (
        <Notice kind="good" role="status">
          <p className="mb-2">Send this link. It works once, for two weeks, and is not shown again.</p>
          <CopyOnce label="Invite link" value={link} />
        </Notice>
      )}
      {mailedTo === null ? null : (
        <Notice kind="good" role="status">
          The invite is on its way to {mailedTo}. They join by its link, within two weeks, if they want to.
        </Notice>
      )}
    </section>
  );
}
