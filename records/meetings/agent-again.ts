import { randomUUID } from "node:crypto";
import { writableBy } from "../accounts/access.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { enqueue } from "../queues/outbox.ts";

export const hasNotGivenUp = "The agent has not given up, or the call is over.";

const gaveUp = { agentState: "failed", agentId: { not: null } };
const goesOn = { kind: "meeting", status: "active" };

/** Has an agent that gave up, say for a key that is mended now, try again. False: it did not give up. Null: not yours. */
export const callAgentAgain = (prisma: PrismaClient, { userId, id }: { userId: string; id: string }) =>
  prisma.$transaction(async (tx) => {
    const where = { conversationId: id, kind: "meeting", ...writableBy(userId) };
    if ((await tx.run.count({ where })) === 0) return null;
    const run = await tx.run.findFirst({
      where: { ...where, ...goesOn, conversation: { meeting: gaveUp } },
      select: { id: true },
    });
    if (run === null) return false;
    await order(tx, { runId: run.id, meetingId: id });
    return true;
  });

/** The same for every call that goes on: what a worker does as it starts, since settings may be other ones now. */
export async function callAgentsAgain(prisma: PrismaClient): Promise<number> {
  const found = await prisma.run.findMany({
    where: { ...goesOn, conversation: { meeting: gaveUp } },
    select: { id: true, conversationId: true },
  });
  await prisma.$transaction(async (tx) => {
    for (const { id: runId, conversationId } of found) {
      if (conversationId !== null) await order(tx, { runId, meetingId: conversationId });
    }
  });
  return found.length;
}

// Each is an order of its own; while the agent is on its way a second one changes nothing.
const order = (tx: Tx, { runId, meetingId }: { runId: string; meetingId: string }) =>
  enqueue(tx, {
    kind: "agent.again",
    payload: { meetingId },
    dedupeKey: `agent.again:${meetingId}:${randomUUID()}`,
    partitionKey: runId,
  });
