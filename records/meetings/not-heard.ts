import type { Db, PrismaClient } from "../db.ts";
import { orderStart } from "../runs/new-run.ts";
import { applyRunEvent } from "../runs/runs.ts";

/** Notes that what is said in the call comes to us from now on, so that its silence is silence. */
export async function markHeard(db: Db, meetingId: string): Promise<void> {
  await db.meeting.updateMany({ where: { id: meetingId, heardAt: null }, data: { heardAt: new Date() } });
}

/**
 * Goes on with a meeting that ended as not heard, once something of its call is there to be read. Asked by both who may
 * come later, each after its own commit: the end, and what was heard after all.
 */
export async function resumeHeard(
  prisma: PrismaClient,
  asked: { runId: string } | { meetingId: string },
): Promise<boolean> {
  const run = await prisma.run.findFirst({
    where: {
      ...("runId" in asked ? { id: asked.runId } : { conversationId: asked.meetingId }),
      kind: "meeting",
      status: "failed",
      errorCode: "not_heard",
      conversation: { meeting: { heardAt: { not: null } } },
    },
    select: { id: true, attempt: true },
  });
  if (run === null) return false;
  return prisma.$transaction(async (tx) => {
    const applied = await applyRunEvent(tx, run.id, { type: "retried" }, run.attempt);
    if (applied === null || !applied.changed) return false;
    await orderStart(tx, run.id, applied.state.attempt);
    return true;
  });
}
