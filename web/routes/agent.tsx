import { Trash2, Video } from "lucide-react";
import { Link, data, href, redirect } from "react-router";
import { isId } from "#domain/ids.ts";
import { roleIn, writingRoles } from "#records/accounts/access.ts";
import { agentOf, deleteAgent, updateAgent } from "#records/meetings/agents.ts";
import { countUpcoming } from "#records/meetings/meeting-lists.ts";
import { parseAgentForm } from "../pages/agents/agent-form.ts";
import { AgentDetails } from "../components/agents/agent-details.tsx";
import { AgentForm } from "../components/agents/agent-form.tsx";
import { planLabel } from "../components/agents/agent-list.tsx";
import { Button, buttonClass } from "../components/ui/button.tsx";
import { Confirm } from "../components/ui/confirm.tsx";
import { plural } from "../components/ui/format.ts";
import { Notice } from "../components/ui/notice.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { formOf } from "../pages/forms.ts";
import type { Route } from "./+types/agent.ts";

const unknown = () => data("There is no such agent, or it is not yours. It may have been deleted.", { status: 404 });

async function findAgent({ context, params: { id } }: Pick<Route.LoaderArgs, "context" | "params">) {
  const { prisma } = context.get(depsContext);
  const userId = context.get(actorContext).id;
  const agent = isId(id) ? await agentOf(prisma, userId, id) : null;
  if (agent === null) throw unknown();
  const role = await roleIn(prisma, userId, agent.workspaceId);
  return { prisma, userId, agent, canWrite: role !== null && writingRoles.includes(role) };
}

export async function loader({ context, params }: Route.LoaderArgs) {
  const { prisma, agent, canWrite } = await findAgent({ context, params });
  return { agent, canWrite, upcoming: await countUpcoming(prisma, agent.id) };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { prisma, userId, agent, canWrite } = await findAgent({ context, params });
  if (!canWrite) throw data("Viewers of a workspace cannot change its agents.", { status: 403 });
  const form = await formOf(request);
  if (form.get("intent") === "delete") {
    if (!(await deleteAgent(prisma, userId, agent.id))) throw unknown();
    throw redirect(href("/agents"));
  }
  const parsed = parseAgentForm(form, agent.blueprintSnapshot);
  if (!parsed.ok) return data({ problems: parsed.problems, saved: false }, { status: 400 });
  const { workspaceId: _stays, ...draft } = parsed.value;
  if (!(await updateAgent(prisma, userId, agent.id, draft))) throw unknown();
  return data({ problems: {}, saved: true });
}

export default function Agent({ loaderData: { agent, canWrite, upcoming }, actionData }: Route.ComponentProps) {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title={agent.name} lead={planLabel(agent.sessions)}>
        {canWrite ? (
          <Link to={`${href("/meetings/new")}?agent=${agent.id}`} className={buttonClass("primary")}>
            <Video size={16} aria-hidden="true" /> Start a meeting
          </Link>
        ) : null}
        {agent.meetings === 0 ? null : (
          <Link to={`${href("/meetings")}?agent=${agent.id}`} className={buttonClass("plain")}>
            {plural(agent.meetings, "meeting")}
          </Link>
        )}
      </PageHeader>
      {canWrite ? (
        <>
          <AgentForm key={agent.id} agent={agent} problems={actionData?.problems ?? {}} submit="Save the agent" />
          <div className="mt-4 empty:hidden">
            {actionData?.saved ? (
              <Notice kind="good" role="status">
                Saved. Calls under way keep what the agent was told when it joined.
              </Notice>
            ) : null}
          </div>
          <DeleteAgent name={agent.name} upcoming={upcoming} meetings={agent.meetings} />
        </>
      ) : (
        <AgentDetails agent={agent} />
      )}
    </div>
  );
}

function DeleteAgent({ name, upcoming, meetings }: { name: string; upcoming: number; meetings: number }) {
  return (
    <div className="mt-12 flex flex-wrap items-center justify-between gap-4 border-t border-line pt-6">
      <p className="text-sm text-soft">The meetings of a deleted agent stay, with what was said in them.</p>
      <Confirm
        trigger={
          <Button look="danger">
            <Trash2 size={16} aria-hidden="true" /> Delete the agent
          </Button>
        }
        title={`Delete ${name}?`}
        action="Delete it for good"
        fields={{ intent: "delete" }}
      >
        {meetings === 0
          ? "It has no meetings. "
          : `Its ${plural(meetings, "meeting")} stay, with transcripts and results. `}
        {upcoming === 0
          ? ""
          : `${plural(upcoming, "meeting")} not held yet ${upcoming === 1 ? "is" : "are"} left with nobody to talk with, until you choose another agent there. `}
        Its plan goes with it, so no further sessions are created. This cannot be undone.
      </Confirm>
    </div>
  );
}
