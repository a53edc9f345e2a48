import { useFetcher } from "react-router";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { textOf } from "../ui/form-text.ts";
import { Time } from "../ui/time.tsx";

interface Member {
  id: string;
  name: string;
  email: string;
  role: string;
  joinedAt: Date;
}

/** Who belongs to the workspace, in which role, to be changed by those who manage it. */
export function MemberList({
  members,
  canManage,
  actorId,
}: {
  members: readonly Member[];
  canManage: boolean;
  actorId: string;
}) {
  return (
    <ul aria-label="Members" className="panel divide-y divide-line">
      {members.map((member) => (
        <li key={member.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 sm:px-5">
          <div className="min-w-0 flex-1 basis-48">
            <p className="font-medium break-words">
              {member.name}
              {member.id === actorId ? <span className="font-normal text-soft"> (you)</span> : null}
            </p>
            <p className="text-sm break-words text-soft">
              {member.email} · joined <Time at={member.joinedAt} />
            </p>
          </div>
          {member.role === "owner" || !canManage ? (
            <span className="text-sm text-soft">{member.role}</span>
          ) : (
            <RoleSelect member={member} />
          )}
          {member.role !== "owner" && (canManage || member.id === actorId) ? (
            <Confirm
              trigger={<Button look="quiet">{member.id === actorId ? "Leave" : "Remove"}</Button>}
              title={member.id === actorId ? "Leave this workspace?" : `Remove ${member.name}?`}
              action={member.id === actorId ? "Leave" : "Remove"}
              fields={{ intent: "remove", userId: member.id }}
            >
              {member.id === actorId ? "You no longer see" : "They no longer see"} its recordings, from this moment on.
              What {member.id === actorId ? "you" : "they"} added stays.
            </Confirm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function RoleSelect({ member }: { member: Member }) {
  const fetcher = useFetcher();
  return (
    <select
      aria-label={`Role of ${member.name}`}
      value={textOf(fetcher.formData, "role") ?? member.role}
      onChange={(event) =>
        void fetcher.submit({ intent: "role", userId: member.id, role: event.target.value }, { method: "post" })
      }
      className="min-h-10 rounded-lg border border-edge bg-card px-2 text-sm"
    >
      <option value="admin">admin</option>
      <option value="member">member</option>
      <option value="viewer">viewer</option>
    </select>
  );
}
