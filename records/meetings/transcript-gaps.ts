import { isNotableGap } from "#domain/transcript-gap.ts";
import type { TranscriptGap, GapReason } from "#domain/transcript-gap.ts";
import { endOf } from "#domain/meeting.ts";
import type { Db, Tx } from "../db.ts";
import { factsOf } from "./meetings.ts";

interface LinkRef {
  meetingId: string;
  /** Of the link that tells this; once a newer one has taken over, it has nothing to say. */
  generation: number;
}

/** Notes that the call is not heard from a moment on. While such a gap is open there is no second one. */
export async function openGap(
  db: Db,
  { meetingId, generation, reason, from }: LinkRef & { reason: GapReason; from: Date },
): Promise<void> {
  // What was heard again since is not unheard, whatever an older sign of life says.
  await db.$executeRaw`
    INSERT INTO call_absence (conversation_id, started_at, reason)
    SELECT m.id, GREATEST(${from}::timestamptz, m.started_at, max(a.ended_at)), ${reason}
    FROM meeting m LEFT JOIN call_absence a ON a.conversation_id = m.id
    WHERE m.id = ${meetingId}::uuid AND m.agent_generation = ${generation}
    GROUP BY m.id
    ON CONFLICT DO NOTHING`;
}

/** Notes that the call is heard again. */
export async function closeGap(db: Db, { meetingId, generation }: LinkRef): Promise<void> {
  await db.$executeRaw`
    UPDATE call_absence a SET ended_at = GREATEST(a.started_at, ${new Date()}::timestamptz)
    FROM meeting m
    WHERE m.id = ${meetingId}::uuid AND m.agent_generation = ${generation}
      AND a.conversation_id = m.id AND a.ended_at IS NULL`;
}

/** Says of a gap that goes on that nobody tries to end it any more. */
export async function giveUpOnGap(db: Db, meetingId: string): Promise<void> {
  await db.callAbsence.updateMany({
    where: { conversationId: meetingId, endedAt: null },
    data: { reason: "gave_up" satisfies GapReason },
  });
}

/** Ends a gap with its call: what was not said could not be heard. */
export async function endGaps(tx: Tx, meetingId: string): Promise<void> {
  const meeting = await tx.meeting.findUnique({ where: { id: meetingId } });
  if (meeting === null) return;
  const end = new Date(endOf(factsOf(meeting)) ?? Date.now());
  await tx.$executeRaw`
    UPDATE call_absence SET ended_at = GREATEST(started_at, ${end}::timestamptz)
    WHERE conversation_id = ${meetingId}::uuid AND (ended_at IS NULL OR ended_at > ${end}::timestamptz)`;
}

/**
 * The stretches of a call without anybody of ours to hear them, as its transcript shows them. None where the words are
 * the provider's own: it heard everything.
 */
export async function gapsOf(db: Db, meetingId: string): Promise<TranscriptGap[]> {
  const meeting = await db.meeting.findUnique({ where: { id: meetingId }, select: { startedAt: true } });
  if (!meeting?.startedAt) return [];
  const rows = await db.callAbsence.findMany({
    where: {
      conversationId: meetingId,
      conversation: { segments: { none: { sourceKey: { startsWith: "file:" } } } },
    },
    orderBy: { startedAt: "asc" },
  });
  const zero = meeting.startedAt.getTime();
  return rows.flatMap(({ startedAt, endedAt, reason }) => {
    const [start, end] = [startedAt, endedAt ?? new Date()].map((at) => Math.max(0, at.getTime() - zero) / 1000);
    const gap = { start: start ?? 0, end: end ?? 0, reason: reason as GapReason };
    return isNotableGap(gap) ? [gap] : [];
  });
}
