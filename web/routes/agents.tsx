import { Bot, Plus } from "lucide-react";
import { Link, href } from "react-router";
import { isId } from "#domain/ids.ts";
import { cut } from "#domain/text.ts";
import { workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { agentsOf } from "#records/meetings/agents.ts";
import { AgentList } from "../components/agents/agent-list.tsx";
import { buttonClass } from "../components/ui/button.tsx";
import { EmptyPanel } from "../components/ui/empty-panel.tsx";
import { Pager } from "../components/ui/list-filter.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import type { Route } from "./+types/agents.ts";

export async function loader({ context, url }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const { id: userId } = context.get(actorContext);
  const after = url.searchParams.get("after");
  const [{ items, nextCursor }, workspaces] = await Promise.all([
    agentsOf(prisma, userId, { cursor: after !== null && isId(after) ? after : null, limit: 25 }),
    workspacesOf(prisma, userId),
  ]);
  const home = new Map(workspaces.map((workspace) => [workspace.id, workspace]));
  const agents = items.map(({ id, name, instructions, sessions, meetings, workspaceId }) => {
    const workspace = home.get(workspaceId);
    return {
      id,
      name,
      instructions: cut(instructions, 300),
      sessions,
      meetings,
      workspace: workspace === undefined || workspace.personal ? null : workspace.name,
      canMeet: workspace !== undefined && writingRoles.includes(workspace.role),
    };
  });
  return { agents, nextCursor, isFirstPage: after === null };
}

export default function Agents({ loaderData: { agents, nextCursor, isFirstPage } }: Route.ComponentProps) {
  const isEmpty = agents.length === 0 && isFirstPage;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Agents" lead="Whom you talk with, and the plan they follow from meeting to meeting.">
        {isEmpty ? null : <NewAgent />}
      </PageHeader>
      {isEmpty ? (
        <EmptyPanel
          icon={Bot}
          title="Nobody to talk with yet"
          words="An agent joins your meetings, listens and asks. Give it a plan of sessions, and each meeting picks up where the last one ended."
        >
          <NewAgent />
        </EmptyPanel>
      ) : (
        <AgentList agents={agents} />
      )}
      <Pager nextCursor={nextCursor} />
    </div>
  );
}

const NewAgent = () => (
  <Link to={href("/agents/new")} className={buttonClass("primary")}>
    <Plus size={16} aria-hidden="true" /> New agent
  </Link>
);
