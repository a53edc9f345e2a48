import { data, href, redirect } from "react-router";
import { isId } from "#domain/ids.ts";
import { roleIn, workspacesOf, writingRoles } from "#records/accounts/access.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { ensurePersonalWorkspace } from "#records/accounts/workspaces.ts";
import { parseAgentForm } from "../pages/agents/agent-form.ts";
import { AgentForm } from "../components/agents/agent-form.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/agent-new.ts";

export async function loader({ context }: Route.LoaderArgs) {
  const workspaces = await workspacesOf(context.get(depsContext).prisma, context.get(actorContext).id);
  return { workspaces: workspaces.filter(({ role }) => writingRoles.includes(role)) };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { prisma } = context.get(depsContext);
  const userId = context.get(actorContext).id;
  const parsed = parseAgentForm(await formOf(request), {});
  if (!parsed.ok) return data({ problems: parsed.problems }, { status: 400 });
  const { workspaceId: asked, ...draft } = parsed.value;
  const workspaceId = asked ?? (await ensurePersonalWorkspace(prisma, userId));
  const role = isId(workspaceId) ? await roleIn(prisma, userId, workspaceId) : null;
  if (role === null) throw data("There is no such workspace, or you do not belong to it.", { status: 404 });
  if (!writingRoles.includes(role)) throw data("Viewers of a workspace cannot add agents to it.", { status: 403 });
  throw redirect(href("/agents/:id", { id: await createAgent(prisma, { ...draft, userId, workspaceId }) }));
}

const blank = { name: "", instructions: "", voice: "alloy", sessions: [], blueprintSnapshot: {} };

export default function NewAgent({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="New agent" lead="Only the name is needed. Everything can be changed later." />
      <AgentForm
        agent={blank}
        problems={actionData?.problems ?? {}}
        workspaces={loaderData.workspaces}
        submit="Make the agent"
      />
    </div>
  );
}
