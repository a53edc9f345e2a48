import { MicOff, User } from "lucide-react";
import type { PracticePerson } from "#domain/practice.ts";

const roles: Record<PracticePerson["role"], string> = { host: "host", member: "", guest: "guest" };

/** Who is in the call beside the agent. */
export function People({ people, selfId }: { people: readonly PracticePerson[]; selfId: string | null }) {
  return (
    <ul aria-label="People in the call" className="flex flex-wrap gap-2 lg:flex-col">
      {people.map(({ id, name, role, muted, away }) => {
        const marks = [id === selfId ? "you" : "", roles[role], away ? "connection lost" : ""].filter(Boolean);
        return (
          <li key={id} className="flex min-w-0 items-center gap-2 rounded-lg bg-sunken px-3 py-1.5 text-sm">
            {muted ? (
              <MicOff size={15} role="img" aria-label="Muted" className="shrink-0 text-warn" />
            ) : (
              <User size={15} aria-hidden="true" className="shrink-0 text-soft" />
            )}
            <span className={`min-w-0 truncate ${away ? "text-soft italic" : ""}`}>{name}</span>
            {marks.length > 0 ? <span className="shrink-0 text-soft">({marks.join(", ")})</span> : null}
          </li>
        );
      })}
    </ul>
  );
}
