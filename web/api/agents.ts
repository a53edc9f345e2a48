import { z } from "zod";
import type { Blueprint, PlanSession } from "#domain/plan.ts";
import { agentFields as fields, largestAgentBody } from "#domain/inputs/agent.ts";
import { withSessions } from "#domain/inputs/plan.ts";
import { key } from "#domain/text.ts";
import { writingRoles } from "#records/accounts/access.ts";
import { agentOf, agentsOf, createAgent, deleteAgent, updateAgent } from "#records/meetings/agents.ts";
import type { AgentView } from "#records/meetings/agents.ts";
import { notFound } from "../http/problem.ts";
import { requireRole, targetWorkspace } from "./access.ts";
import { route } from "./route.ts";
import type { RouteContext } from "./route.ts";
import { cursorQuery, Id, IdParams, Instant, listOf } from "./schemas.ts";

const Session = z.object({ session_name: z.string(), goals: z.array(z.string()) }).meta({ id: "PlanSession" });

const Agent = z
  .object({
    id: Id,
    workspaceId: Id,
    name: z.string(),
    instructions: z.string(),
    voice: z.string(),
    sessions: z.array(Session),
    meetings: z.number().int().meta({ description: "How many meetings it has had or will have" }),
    createdAt: Instant,
  })
  .meta({ id: "Agent" });
const AgentDetail = Agent.extend({
  blueprintSnapshot: z.unknown().meta({ description: "The plan with all that was imported" }),
}).meta({ id: "AgentDetail" });

const described = {
  blueprintSnapshot: fields.blueprint
    .optional()
    .meta({ description: "A plan to import, at most 200 kB: `sessions` (else `conversations`); the rest is kept" }),
  sessions: fields.sessions
    .optional()
    .meta({ description: "The plan's sessions; they take the place of those in `blueprintSnapshot`" }),
};

type Asked = Pick<RouteContext<{ id: string }, unknown, unknown>, "deps" | "actor" | "params">;

/** The agent, for whoever may change it: 404 for those who may not see it, 403 for those who may only look. */
async function requireAgent({ deps, actor, params: { id } }: Asked): Promise<AgentView> {
  const agent = await agentOf(deps.prisma, actor.userId, id);
  if (agent === null) throw notFound();
  await requireRole({ deps, actor }, agent.workspaceId, writingRoles);
  return agent;
}

export const agentRoutes = [
  route({
    method: "get",
    path: "/agents",
    summary: "The agents of your workspaces, the newest first",
    tag: "Agents",
    access: "user",
    query: z.object(cursorQuery),
    answers: { 200: { description: "A page of agents", body: listOf(Agent) } },
    async handle({ deps: { prisma }, actor, query: { cursor, limit } }) {
      return { status: 200, body: await agentsOf(prisma, actor.userId, { cursor: cursor ?? null, limit }) };
    },
  }),

  route({
    method: "post",
    path: "/agents",
    summary: "Make an agent to talk with, with a plan of sessions if you like",
    tag: "Agents",
    access: "user",
    maxBody: largestAgentBody,
    body: z.object({
      name: fields.name,
      instructions: fields.instructions.default(""),
      voice: fields.voice.default("alloy"),
      ...described,
      workspaceId: key(64).optional(),
    }),
    answers: {
      201: { description: "The agent", body: AgentDetail },
      404: { description: "There is no such workspace, or it is not yours" },
    },
    async handle({ deps, actor, body: { workspaceId, blueprintSnapshot, sessions, ...draft } }) {
      const target = await targetWorkspace({ deps, actor }, workspaceId);
      const blueprint = planOf(blueprintSnapshot ?? {}, sessions);
      const id = await createAgent(deps.prisma, { ...draft, blueprint, userId: actor.userId, workspaceId: target });
      return { status: 201, body: await agentOf(deps.prisma, actor.userId, id) };
    },
  }),

  route({
    method: "get",
    path: "/agents/:id",
    summary: "An agent with its plan",
    tag: "Agents",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The agent", body: AgentDetail } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const agent = await agentOf(prisma, actor.userId, id);
      if (agent === null) throw notFound();
      return { status: 200, body: agent };
    },
  }),

  route({
    method: "patch",
    path: "/agents/:id",
    summary: "Change an agent; calls under way keep what it was told when it joined",
    tag: "Agents",
    access: "user",
    params: IdParams,
    maxBody: largestAgentBody,
    body: z.object({
      name: fields.name.optional(),
      instructions: fields.instructions.optional(),
      voice: fields.voice.optional(),
      ...described,
    }),
    answers: { 200: { description: "The agent", body: AgentDetail } },
    async handle({ deps, actor, params, body: { blueprintSnapshot, sessions, ...draft } }) {
      const before = await requireAgent({ deps, actor, params });
      const isOtherPlan = blueprintSnapshot !== undefined || sessions !== undefined;
      const blueprint = planOf(blueprintSnapshot ?? before.blueprintSnapshot, sessions);
      const change = { ...draft, ...(isOtherPlan ? { blueprint } : {}) };
      if (!(await updateAgent(deps.prisma, actor.userId, params.id, change))) throw notFound();
      return { status: 200, body: await agentOf(deps.prisma, actor.userId, params.id) };
    },
  }),

  route({
    method: "delete",
    path: "/agents/:id",
    summary: "Delete an agent; its meetings stay, those to come without anybody to talk with",
    tag: "Agents",
    access: "user",
    params: IdParams,
    answers: { 204: { description: "It is gone" } },
    async handle({ deps, actor, params }) {
      await requireAgent({ deps, actor, params });
      if (!(await deleteAgent(deps.prisma, actor.userId, params.id))) throw notFound();
      return { status: 204 };
    },
  }),
];

const planOf = (blueprint: unknown, sessions: PlanSession[] | undefined) =>
  sessions === undefined ? (blueprint as Blueprint) : withSessions(blueprint, sessions);
