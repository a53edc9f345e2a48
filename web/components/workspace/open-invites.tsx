import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Time } from "../ui/time.tsx";

interface OpenInvite {
  id: string;
  role: string;
  /** Null: its link was given out. */
  email: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** Invites that nobody has used yet, to be revoked. */
export function OpenInvites({ invites }: { invites: readonly OpenInvite[] }) {
  return (
    <section aria-labelledby="open-invites" className="space-y-3">
      <h2 id="open-invites" className="text-xl">
        Invites not used yet
      </h2>
      <ul aria-labelledby="open-invites" className="panel divide-y divide-line">
        {invites.map((invite) => (
          <li key={invite.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
            <div className="min-w-0 flex-1 basis-48">
              <p className="font-medium break-words">{nameOf(invite)}</p>
              <p className="text-sm text-soft">
                As {invite.role}, made <Time at={invite.createdAt} />, ends <Time at={invite.expiresAt} />
              </p>
            </div>
            <Confirm
              trigger={
                <Button look="quiet">
                  Revoke<span className="sr-only">: {nameOf(invite)}</span>
                </Button>
              }
              title="Revoke this invite?"
              action="Revoke it"
              fields={{ intent: "revokeInvite", inviteId: invite.id }}
            >
              Nobody can join by it any more. You can invite again.
            </Confirm>
          </li>
        ))}
      </ul>
    </section>
  );
}

const nameOf = ({ email }: OpenInvite) => email ?? "A link that was given out";
