import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Time } from "../ui/time.tsx";
import { Section } from "./section.tsx";

interface Session {
  id: string;
  updatedAt: Date;
  userAgent: string | null;
  ipAddress: string | null;
}

/** Where a person is signed in. */
export function Sessions({ sessions, currentId }: { sessions: readonly Session[]; currentId: string }) {
  return (
    <Section title="Signed in" lead="Changing your password signs out all others.">
      <ul aria-label="Sessions" className="panel divide-y divide-line text-sm">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1">
              <p className="font-medium">
                {browserOf(session.userAgent ?? "")}
                {session.id === currentId ? <span className="font-normal text-accent"> · this browser</span> : null}
              </p>
              <p className="text-soft">
                {session.ipAddress || "unknown address"}, seen <Time at={session.updatedAt} />
              </p>
            </div>
            {session.id === currentId ? null : <SignOut session={session} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function SignOut({ session: { id, userAgent } }: { session: Session }) {
  const name = browserOf(userAgent ?? "");
  return (
    <Confirm
      trigger={
        <Button look="quiet">
          Sign out<span className="sr-only"> {name}</span>
        </Button>
      }
      title={`Sign out ${name}?`}
      action="Sign it out"
      decline="Leave it"
      fields={{ intent: "endSession", id }}
    >
      Whoever uses it has to sign in again. If you do not know it, change your password too.
    </Confirm>
  );
}

/** A browser and system by the names that people know; what names neither is a program. */
function browserOf(userAgent: string): string {
  const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(userAgent)?.[0] ?? null;
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(userAgent)?.[0] ?? null;
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera" };
  if (browser === null) return "A program";
  return `${names[browser] ?? browser}${system === null ? "" : ` on ${system}`}`;
}
