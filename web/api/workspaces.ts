import { z } from "zod";
import { inviteEmail, workspaceName } from "#domain/inputs/account.ts";
import { key } from "#domain/text.ts";
import { managingRoles, workspaceRoles, workspacesOf } from "#records/accounts/access.ts";
import { acceptInvite, openInvites, revokeInvite } from "#records/accounts/invites.ts";
import { createWorkspace, givenRoles, membersOf, removeMember, setMember } from "#records/accounts/workspaces.ts";
import { invitePerson } from "../pages/workspaces/invites.ts";
import { notFound, Problem, tooManyRequests } from "../http/problem.ts";
import { settled } from "./outcome.ts";
import { requireRole } from "./access.ts";
import { route } from "./route.ts";
import { Id, IdParams, Instant, Role, Workspace } from "./schemas.ts";

const GivenRole = z.enum(givenRoles);
const Member = z
  .object({ id: Id, name: z.string(), email: z.string(), role: Role, joinedAt: Instant })
  .meta({ id: "Member" });
const Invite = z
  .object({
    invite: z.object({ id: Id, url: z.url().nullable(), mailedTo: z.string().nullable(), expiresAt: Instant }),
  })
  .meta({ id: "Invite" });
const OpenInvite = z
  .object({ id: Id, role: GivenRole, email: z.string().nullable(), createdAt: Instant, expiresAt: Instant })
  .meta({ id: "OpenInvite" });
const MemberRole = z.object({ member: z.object({ id: Id, role: Role }) }).meta({ id: "MemberRole" });
const memberParams = z.object({ id: z.string(), userId: z.string() });

export const workspaceRoutes = [
  route({
    method: "get",
    path: "/workspaces",
    summary: "The workspaces you belong to, your own first",
    tag: "Workspaces",
    access: "user",
    answers: {
      200: { description: "All of them", body: z.object({ items: z.array(Workspace), nextCursor: z.null() }) },
    },
    async handle({ deps: { prisma }, actor }) {
      return { status: 200, body: { items: await workspacesOf(prisma, actor.userId), nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/workspaces",
    summary: "Make a workspace; you are its owner",
    tag: "Workspaces",
    access: "user",
    body: z.object({ name: workspaceName() }),
    answers: { 201: { description: "The workspace", body: z.object({ id: Id, name: z.string() }) } },
    async handle({ deps: { prisma }, actor, body }) {
      return { status: 201, body: await createWorkspace(prisma, { userId: actor.userId, ...body }) };
    },
  }),

  route({
    method: "get",
    path: "/workspaces/:id/members",
    summary: "Who belongs to a workspace",
    tag: "Workspaces",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "All of them", body: z.object({ items: z.array(Member), nextCursor: z.null() }) } },
    async handle({ deps, actor, params: { id } }) {
      await requireRole({ deps, actor }, id, workspaceRoles);
      return { status: 200, body: { items: await membersOf(deps.prisma, id), nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/workspaces/:id/members",
    summary: "Invite somebody: by mail where an address is given and the server mails, else by the link in the answer",
    tag: "Workspaces",
    access: "user",
    params: IdParams,
    body: z.object({ email: inviteEmail().optional(), role: GivenRole.default("member") }),
    answers: {
      201: {
        description: "An invite that lets one person join, within two weeks; whoever has it decides",
        body: Invite,
      },
    },
    async handle({ deps, actor, params: { id }, body: { email = null, role } }) {
      await requireRole({ deps, actor }, id, managingRoles);
      const invited = await invitePerson(deps, { actorId: actor.userId, workspaceId: id, role, email });
      if (!invited.ok) throw tooManyRequests(invited.retryAfterSeconds);
      return { status: 201, body: { invite: invited.invite } };
    },
  }),

  route({
    method: "patch",
    path: "/workspaces/:id/members/:userId",
    summary: "Change a member's role",
    tag: "Workspaces",
    access: "user",
    params: memberParams,
    body: z.object({ role: GivenRole }),
    answers: { 200: { description: "The member", body: MemberRole } },
    async handle({ deps, actor, params: { id, userId }, body: { role } }) {
      await requireRole({ deps, actor }, id, managingRoles);
      await requireRole({ deps, actor: { userId } }, id, workspaceRoles);
      settled(await setMember(deps.prisma, { actorId: actor.userId, workspaceId: id, userId, role }));
      return { status: 200, body: { member: { id: userId, role } } };
    },
  }),

  route({
    method: "delete",
    path: "/workspaces/:id/members/:userId",
    summary: "Take a member out, or leave",
    tag: "Workspaces",
    access: "user",
    params: memberParams,
    answers: { 204: { description: "They see nothing of it any more" } },
    async handle({ deps, actor, params: { id, userId } }) {
      settled(await removeMember(deps.prisma, { actorId: actor.userId, workspaceId: id, userId }));
      return { status: 204 };
    },
  }),

  route({
    method: "get",
    path: "/workspaces/:id/invites",
    summary: "The invites to a workspace that still let somebody join",
    tag: "Workspaces",
    access: "user",
    params: IdParams,
    answers: {
      200: { description: "All of them", body: z.object({ items: z.array(OpenInvite), nextCursor: z.null() }) },
      403: { description: "Your role does not allow it" },
    },
    async handle({ deps, actor, params: { id } }) {
      await requireRole({ deps, actor }, id, managingRoles);
      return { status: 200, body: { items: await openInvites(deps.prisma, id), nextCursor: null } };
    },
  }),

  route({
    method: "delete",
    path: "/workspaces/:id/invites/:inviteId",
    summary: "Revoke an invite: nobody can join by it any more",
    tag: "Workspaces",
    access: "user",
    params: z.object({ id: z.string(), inviteId: z.string() }),
    answers: { 204: { description: "It is worthless" } },
    async handle({ deps, actor, params: { id: workspaceId, inviteId: id } }) {
      await requireRole({ deps, actor }, workspaceId, managingRoles);
      if (!(await revokeInvite(deps.prisma, { actorId: actor.userId, workspaceId, id }))) throw notFound();
      return { status: 204 };
    },
  }),

  route({
    method: "post",
    path: "/invites/:token/accept",
    summary: "Join a workspace by an invite link",
    tag: "Workspaces",
    access: "user",
    params: z.object({ token: key(100) }),
    answers: { 200: { description: "You belong to it now", body: z.object({ workspaceId: Id }) } },
    async handle({ deps: { prisma }, actor, params: { token } }) {
      const workspaceId = await acceptInvite(prisma, { userId: actor.userId, token });
      if (workspaceId === null)
        throw new Problem(404, "invite_over", "This invite link was used, has expired, or is wrong.");
      return { status: 200, body: { workspaceId } };
    },
  }),
];
