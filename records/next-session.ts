import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { writableBy } from "./access.ts";
import type { PrismaClient } from "./db.ts";
import { announce } from "./feed.ts";
import { AgentGone, createNextMeeting, tellOfMeeting } from "./meetings.ts";

export type NextSessionAnswer =
  | { ok: true; id: string | null }
  | { ok: false; reason: "not_found" }
  | { ok: false; reason: "conflict"; message: string };

/**
 * Creates a finished meeting's next session once more, where that went wrong: made once however often it is asked for.
 * `id` is null where the plan is done.
 */
export async function retryNextSession(prisma: PrismaClient, userId: string, id: string): Promise<NextSessionAnswer> {
  try {
    return await prisma.$transaction(async (tx) => {
      const run = await tx.run.findFirst({
        where: { conversationId: id, kind: "meeting", ...writableBy(userId) },
        select: { status: true },
      });
      if (run === null) return { ok: false, reason: "not_found" };
      if (!isFinal(run.status as RunStatus)) {
        return { ok: false, reason: "conflict", message: "The next session comes once this meeting is done." };
      }
      const next = await createNextMeeting(tx, id);
      const row = await tx.meeting.update({ where: { id }, data: { nextProblem: null } });
      await announce(tx, tellOfMeeting(row));
      return { ok: true, id: next?.id ?? null };
    });
  } catch (error) {
    if (!(error instanceof AgentGone)) throw error;
    const message = "The agent was deleted, so its next session has nobody to hold it. Create a meeting with another.";
    return { ok: false, reason: "conflict", message };
  }
}
