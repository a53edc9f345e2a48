import { Bot, Video } from "lucide-react";
import { Link, href } from "react-router";
import type { PlanSession } from "#domain/plan.ts";
import { buttonClass } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";

interface ListedAgent {
  id: string;
  name: string;
  instructions: string;
  sessions: readonly PlanSession[];
  meetings: number;
  workspace: string | null;
  /** Whether this person may make a meeting with it. */
  canMeet: boolean;
}

/** Agents as a list of links, each with the way into a meeting with it. */
export function AgentList({ agents }: { agents: readonly ListedAgent[] }) {
  return (
    <ul aria-label="Agents" className="panel divide-y divide-line overflow-hidden">
      {agents.map((agent) => (
        <li
          key={agent.id}
          className="relative flex flex-wrap gap-4 px-4 py-4 transition-colors hover:bg-sunken sm:px-5"
        >
          <Bot size={20} aria-hidden="true" className="mt-0.5 hidden shrink-0 text-soft sm:block" />
          <div className="min-w-0 flex-1 basis-56 space-y-1">
            <Link
              to={href("/agents/:id", { id: agent.id })}
              prefetch="intent"
              className="font-serif text-lg leading-snug font-semibold after:absolute after:inset-0"
            >
              {agent.name}
            </Link>
            {agent.instructions === "" ? null : <p className="line-clamp-2 text-sm text-soft">{agent.instructions}</p>}
            <p className="flex flex-wrap gap-x-3 text-sm text-soft">
              <span>{planLabel(agent.sessions)}</span>
              <span>{agent.meetings === 0 ? "No meetings yet" : plural(agent.meetings, "meeting")}</span>
              {agent.workspace === null ? null : <span>{agent.workspace}</span>}
            </p>
          </div>
          {agent.canMeet ? (
            <Link
              to={`${href("/meetings/new")}?agent=${agent.id}`}
              aria-label={`Start a meeting with ${agent.name}`}
              className={`${buttonClass("plain")} relative z-10 self-center`}
            >
              <Video size={16} aria-hidden="true" /> Start a meeting
            </Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

export const planLabel = (sessions: readonly PlanSession[]) =>
  sessions.length === 0
    ? "No plan"
    : `${plural(sessions.length, "session")}, ${plural(sessions.flatMap(({ goals }) => goals).length, "goal")}`;
