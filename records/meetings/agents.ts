import { planSessions } from "#domain/plan.ts";
import type { Blueprint, PlanSession } from "#domain/plan.ts";
import { Prisma } from "#prisma/generated/client.ts";
import { readableBy, writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";

/** What a person says of an agent. */
export interface AgentDraft {
  name: string;
  instructions: string;
  voice: string;
  /** The plan of sessions, as edited or imported; fields that Convene does not know are kept. */
  blueprint: Blueprint | Record<string, never>;
}

export interface AgentView extends Omit<AgentDraft, "blueprint"> {
  id: string;
  workspaceId: string;
  sessions: PlanSession[];
  blueprintSnapshot: unknown;
  createdAt: Date;
  meetings: number;
}

export async function createAgent(
  prisma: PrismaClient,
  draft: AgentDraft & { userId: string; workspaceId: string },
): Promise<string> {
  const id = newId();
  const { userId, workspaceId, ...rest } = draft;
  await prisma.agent.create({ data: { id, workspaceId, ownerId: userId, ...columnsOf(rest) } });
  return id;
}

/** Changes an agent; meetings under way keep what their agent was told when it joined. False: no such agent. */
export async function updateAgent(
  prisma: PrismaClient,
  userId: string,
  id: string,
  draft: Partial<AgentDraft>,
): Promise<boolean> {
  const { count } = await prisma.agent.updateMany({ where: { id, ...writableBy(userId) }, data: columnsOf(draft) });
  return count > 0;
}

/** Deletes an agent. Its meetings stay; those to come have nobody to talk with until they are given another agent. */
export async function deleteAgent(prisma: PrismaClient, userId: string, id: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const row = await tx.agent.findFirst({ where: { id, ...writableBy(userId) }, select: { workspaceId: true } });
    if (row === null) return false;
    await tx.agent.delete({ where: { id } });
    await audit(tx, { workspaceId: row.workspaceId, actorId: userId, action: "agent.delete", subject: id });
    return true;
  });
}

export async function agentOf(db: Db, userId: string, id: string): Promise<AgentView | null> {
  const row = await db.agent.findFirst({ where: { id, ...readableBy(userId) }, include: counted });
  return row === null ? null : viewOf(row);
}

/** The workspace of an agent that this person can see, or null. */
export const workspaceOfAgent = async (db: Db, userId: string, id: string): Promise<string | null> =>
  (await db.agent.findFirst({ where: { id, ...readableBy(userId) }, select: { workspaceId: true } }))?.workspaceId ??
  null;

/** The agent by this name that a person made in a workspace, or null. */
export const agentNamed = async (
  db: Db,
  { userId, workspaceId, name }: { userId: string; workspaceId: string; name: string },
): Promise<string | null> =>
  (await db.agent.findFirst({ where: { workspaceId, ownerId: userId, name }, select: { id: true } }))?.id ?? null;

/** The agents of a person's workspaces, the newest first, after the one with id `cursor`. */
export async function agentsOf(
  db: Db,
  userId: string,
  { cursor = null, limit = 50 }: { cursor?: string | null; limit?: number } = {},
): Promise<{ items: AgentView[]; nextCursor: string | null }> {
  const rows = await db.agent.findMany({
    where: { ...readableBy(userId), ...(cursor === null ? {} : { id: { lt: cursor } }) },
    include: counted,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(viewOf);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

const counted = { _count: { select: { meetings: true } } } satisfies Prisma.AgentInclude;

const viewOf = ({
  _count,
  ownerId: _owner,
  updatedAt: _updated,
  ...row
}: Prisma.AgentGetPayload<{
  include: typeof counted;
}>): AgentView => ({ ...row, sessions: planSessions(row.blueprintSnapshot), meetings: _count.meetings });

const columnsOf = <Draft extends Partial<AgentDraft>>({ blueprint, ...rest }: Draft) => ({
  ...rest,
  ...(blueprint === undefined ? {} : { blueprintSnapshot: blueprint as Prisma.InputJsonObject }),
});
