import { data } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { name } from "#domain/text.ts";
import { managingRoles, roleIn, workspacesOf } from "#records/access.ts";
import { createInvite, createWorkspace, givenRoles, membersOf, removeMember, setMember } from "#records/workspaces.ts";
import type { MemberAnswer } from "#records/workspaces.ts";
import { PageHeader } from "../components/page-header.tsx";
import { plural } from "../components/format.ts";
import { InvitePanel } from "../components/workspace/invite-panel.tsx";
import { MemberList } from "../components/workspace/member-list.tsx";
import { WorkspaceTabs } from "../components/workspace/workspace-tabs.tsx";
import { actorContext, depsContext } from "../context.ts";
import { formOf, mustParse } from "../forms.ts";
import type { Route } from "./+types/workspace.ts";

const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("invite"), role: z.enum(givenRoles) }),
  z.object({ intent: z.literal("role"), userId: z.uuid(), role: z.enum(givenRoles) }),
  z.object({ intent: z.literal("remove"), userId: z.uuid() }),
  z.object({ intent: z.literal("create"), name: name("Give the workspace a name.") }),
]);

const unknown = () => data("There is no such workspace, or you do not belong to it.", { status: 404 });

export async function loader({ context, params }: Route.LoaderArgs) {
  const { prisma } = context.get(depsContext);
  const actor = context.get(actorContext);
  const workspaces = await workspacesOf(prisma, actor.id);
  const workspace = workspaces.find(({ id }) => id === params.id);
  if (workspace === undefined) throw unknown();
  const canManage = managingRoles.includes(workspace.role);
  return { workspace, workspaces, canManage, actorId: actor.id, ...(await membersOf(prisma, workspace.id)) };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { prisma, env } = context.get(depsContext);
  const actorId = context.get(actorContext).id;
  const workspaceId = params.id;
  const role = isId(workspaceId) ? await roleIn(prisma, actorId, workspaceId) : null;
  if (role === null) throw unknown();
  const asked = mustParse(Intent, await formOf(request));
  switch (asked.intent) {
    case "create": {
      const made = await createWorkspace(prisma, { userId: actorId, name: asked.name });
      return { message: null, link: null, made: made.id };
    }
    case "invite": {
      if (!managingRoles.includes(role)) throw data(null, { status: 403 });
      const { token } = await createInvite(prisma, { actorId, workspaceId, role: asked.role, email: null });
      return { message: null, link: `${env.PUBLIC_URL}/invite/${token}`, made: null };
    }
    case "role":
      return settle(await setMember(prisma, { actorId, workspaceId, userId: asked.userId, role: asked.role }));
    case "remove":
      return settle(await removeMember(prisma, { actorId, workspaceId, userId: asked.userId }));
    default:
      return asked satisfies never;
  }
}

function settle(answer: MemberAnswer) {
  if (answer.ok) return { message: null, link: null, made: null };
  if (answer.reason === "conflict") return { message: answer.message, link: null, made: null };
  throw data(null, { status: answer.reason === "forbidden" ? 403 : 404 });
}

export default function Workspace({ loaderData }: Route.ComponentProps) {
  const { workspace, workspaces, members, invites, canManage, actorId } = loaderData;
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <PageHeader
        title={`Members of ${workspace.name}`}
        lead="Everyone here sees this workspace's recordings. Viewers read; members also add and change."
      />
      <WorkspaceTabs key={workspace.id} workspaces={workspaces} current={workspace.id} />
      <MemberList members={members} canManage={canManage} actorId={actorId} />
      {canManage ? <InvitePanel /> : null}
      {invites.length === 0 ? null : (
        <p className="text-sm text-soft">{plural(invites.length, "invite link")} not used yet.</p>
      )}
    </div>
  );
}
