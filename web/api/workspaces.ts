import { z } from "zod";
import { key, name } from "#domain/text.ts";
import { managingRoles, workspaceRoles, workspacesOf } from "#records/access.ts";
import {
  acceptInvite,
  createInvite,
  createWorkspace,
  givenRoles,
  membersOf,
  removeMember,
  setMember,
} from "#records/workspaces.ts";
import type { MemberAnswer } from "#records/workspaces.ts";
import { conflict, forbidden, notFound, Problem } from "../http/problem.ts";
import { requireRole } from "./access.ts";
import { route } from "./route.ts";
import { Id, IdParams, Instant, Role, Workspace } from "./schemas.ts";

const GivenRole = z.enum(givenRoles);
const Member = z
  .object({ id: Id, name: z.string(), email: z.string(), role: Role, joinedAt: Instant })
  .meta({ id: "Member" });
const InviteLink = z
  .object({ invite: z.object({ id: Id, url: z.url(), expiresAt: Instant }) })
  .meta({ id: "InviteLink" });
const Added = z.object({ member: z.object({ id: Id, role: Role }) }).meta({ id: "Added" });
const memberParams = z.object({ id: z.string(), userId: z.string() });

function settle(answer: MemberAnswer): void {
  if (answer.ok) return;
  if (answer.reason === "conflict") throw conflict(answer.message);
  throw answer.reason === "forbidden" ? forbidden() : notFound();
}

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
    body: z.object({ name: name() }),
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
      const { members } = await membersOf(deps.prisma, id);
      return { status: 200, body: { items: members, nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/workspaces/:id/members",
    summary: "Add an account by e-mail address; without one, or where there is no such account, make an invite link",
    tag: "Workspaces",
    access: "user",
    params: IdParams,
    body: z.object({ email: z.email().max(320).toLowerCase().optional(), role: GivenRole.default("member") }),
    answers: {
      200: { description: "The account is a member now", body: Added },
      201: { description: "A link that lets one person join, within two weeks", body: InviteLink },
    },
    async handle({ deps, actor, params: { id }, body: { email, role } }) {
      await requireRole({ deps, actor }, id, managingRoles);
      const { prisma, env } = deps;
      const account =
        email === undefined ? null : await prisma.user.findUnique({ where: { email }, select: { id: true } });
      if (account !== null) {
        settle(await setMember(prisma, { actorId: actor.userId, workspaceId: id, userId: account.id, role }));
        return { status: 200, body: { member: { id: account.id, role } } };
      }
      const invite = { actorId: actor.userId, workspaceId: id, role, email: email ?? null };
      const { token, ...made } = await createInvite(prisma, invite);
      return { status: 201, body: { invite: { ...made, url: `${env.PUBLIC_URL}/invite/${token}` } } };
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
    answers: { 200: { description: "The member", body: Added } },
    async handle({ deps, actor, params: { id, userId }, body: { role } }) {
      await requireRole({ deps, actor }, id, managingRoles);
      await requireRole({ deps, actor: { userId } }, id, workspaceRoles);
      settle(await setMember(deps.prisma, { actorId: actor.userId, workspaceId: id, userId, role }));
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
      settle(await removeMember(deps.prisma, { actorId: actor.userId, workspaceId: id, userId }));
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
