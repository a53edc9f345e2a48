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
    <Section title="Signed in" lead="Change your password to sign out all others.">
      <ul aria-label="Sessions" className="panel divide-y divide-line text-sm">
        {sessions.map((session) => (
          <li key={session.id} className="px-4 py-3">
            <p className="font-medium">
              {browserOf(session.userAgent ?? "")}
              {session.id === currentId ? <span className="font-normal text-accent"> · this browser</span> : null}
            </p>
            <p className="text-soft">
              {session.ipAddress || "unknown address"}, seen <Time at={session.updatedAt} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
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
