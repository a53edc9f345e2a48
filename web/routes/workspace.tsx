import { data, href, redirect } from "react-router";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { inviteEmail, workspaceName } from "#domain/inputs/account.ts";
import { managingRoles, roleIn, workspacesOf } from "#records/accounts/access.ts";
import { openInvites, revokeInvite } from "#records/accounts/invites.ts";
import { createWorkspace, givenRoles, membersOf, removeMember, setMember } from "#records/accounts/workspaces.ts";
import type { MemberAnswer } from "#records/accounts/workspaces.ts";
import { PageHeader } from "../components/ui/page-header.tsx";
import { plural } from "../components/ui/format.ts";
import { InvitePanel } from "../components/workspace/invite-panel.tsx";
import { OpenInvites } from "../components/workspace/open-invites.tsx";
import { MemberList } from "../components/workspace/member-list.tsx";
import { WorkspaceTabs } from "../components/workspace/workspace-tabs.tsx";
import { actorContext, depsContext } from "../pages/context.ts";
import { settleFor } from "../pages/outcome.ts";
import { formOf, mustParse, parseForm } from "../pages/forms.ts";
import { invitePerson } from "../pages/workspaces/invites.ts";
import type { Route } from "./+types/workspace.ts";

const Intent = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("invite"),
    email: z.union([z.literal(""), inviteEmail()]).default(""),
    role: z.enum(givenRoles),
  }),
  z.object({ intent: z.literal("role"), userId: z.uuid(), role: z.enum(givenRoles) }),
  z.object({ intent: z.literal("remove"), userId: z.uuid() }),
  z.object({ intent: z.literal("revokeInvite"), inviteId: z.uuid() }),
  z.object({ intent: z.literal("create"), name: workspaceName() }),
]);

/** What an action comes to, beside the rows that it changes. */
const nothing: {
  message: string | null;
  /** A new invite's link, or the address that it is mailed to, or why there is none. */
  link: string | null;
  mailedTo: string | null;
  problem: string | null;
  made: string | null;
} = { message: null, link: null, mailedTo: null, problem: null, made: null };

const unknown = () => data("There is no such workspace, or you do not belong to it.", { status: 404 });

export async function loader({ context, params }: Route.LoaderArgs) {
  const { prisma, env } = context.get(depsContext);
  const actor = context.get(actorContext);
  const workspaces = await workspacesOf(prisma, actor.id);
  const workspace = workspaces.find(({ id }) => id === params.id);
  if (workspace === undefined) throw unknown();
  const canManage = managingRoles.includes(workspace.role);
  const canMail = env.SMTP_URL !== undefined;
  const [members, invites] = await Promise.all([
    membersOf(prisma, workspace.id),
    canManage ? openInvites(prisma, workspace.id) : [],
  ]);
  return { workspace, workspaces, canManage, canMail, actorId: actor.id, members, invites };
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  const { prisma } = deps;
  const actorId = context.get(actorContext).id;
  const workspaceId = params.id;
  const role = isId(workspaceId) ? await roleIn(prisma, actorId, workspaceId) : null;
  if (role === null) throw unknown();
  const form = await formOf(request);
  const parsed = parseForm(Intent, form);
  const problem = parsed.ok ? undefined : (parsed.problems["email"] ?? parsed.problems["name"]);
  if (problem !== undefined) return data({ ...nothing, problem }, { status: 400 });
  const asked = mustParse(Intent, form);
  switch (asked.intent) {
    case "create": {
      const made = await createWorkspace(prisma, { userId: actorId, name: asked.name });
      return { ...nothing, made: made.id };
    }
    case "invite": {
      if (!managingRoles.includes(role)) throw data(null, { status: 403 });
      const email = asked.email === "" ? null : asked.email;
      const invited = await invitePerson(deps, { actorId, workspaceId, role: asked.role, email });
      if (invited.ok) return { ...nothing, link: invited.invite.url, mailedTo: invited.invite.mailedTo };
      const minutes = plural(Math.ceil(invited.retryAfterSeconds / 60), "minute");
      return data({ ...nothing, problem: `Too many invites were mailed. Try again in ${minutes}.` }, { status: 429 });
    }
    case "revokeInvite": {
      if (!managingRoles.includes(role)) throw data(null, { status: 403 });
      const isRevoked = await revokeInvite(prisma, { actorId, workspaceId, id: asked.inviteId });
      return { ...nothing, message: isRevoked ? null : "It was used or revoked meanwhile." };
    }
    case "role":
      return settle(await setMember(prisma, { actorId, workspaceId, userId: asked.userId, role: asked.role }));
    case "remove": {
      const answer = settle(await removeMember(prisma, { actorId, workspaceId, userId: asked.userId }));
      // Who has left does not belong on its page any more.
      if (asked.userId === actorId && answer.message === null) throw redirect(href("/"));
      return answer;
    }
    default:
      return asked satisfies never;
  }
}

const members = settleFor(null);
const settle = (answer: MemberAnswer) => ({ ...nothing, ...members(answer) });

export default function Workspace({ loaderData }: Route.ComponentProps) {
  const { workspace, workspaces, members, invites, canManage, canMail, actorId } = loaderData;
  return (
    <div className="mx-auto max-w-4xl space-y-8">
      <PageHeader
        title={`Members of ${workspace.name}`}
        lead="Everyone here sees this workspace's recordings. Viewers read; members also add and change."
      />
      <WorkspaceTabs key={workspace.id} workspaces={workspaces} current={workspace.id} />
      <MemberList members={members} canManage={canManage} actorId={actorId} />
      {canManage ? <InvitePanel canMail={canMail} /> : null}
      {invites.length === 0 ? null : <OpenInvites invites={invites} />}
    </div>
  );
}
