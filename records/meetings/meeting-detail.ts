import { currentProgress, planSessions } from "#domain/plan.ts";
import { readableBy } from "../accounts/access.ts";
import { latestAnalysis } from "../conversations/analyses.ts";
import type { Db } from "../db.ts";
import { gapsOf } from "./transcript-gaps.ts";
import { meetingRowOf } from "./meeting-lists.ts";

/** A meeting with where its run stands, its plan's progress and its newest reading. Null: not this person's. */
export async function meetingDetail(db: Db, userId: string, id: string) {
  const row = await meetingRowOf(db, userId, id);
  if (row === null) return null;
  const meeting = await db.meeting.findUnique({
    where: { id },
    include: {
      agent: { select: { blueprintSnapshot: true } },
      next: { select: { id: true }, take: 1 },
      conversation: { select: { speakers: { orderBy: { label: "asc" } } } },
    },
  });
  const run = await db.run.findUnique({ where: { id: row.runId }, select: { warnings: true } });
  if (meeting === null || run === null) return null;
  const analysis = await latestAnalysis(db, id);
  return {
    ...meeting,
    ...row,
    progress: currentProgress(meeting.progress, planSessions(meeting.agent?.blueprintSnapshot)),
    nextId: meeting.next[0]?.id ?? null,
    warnings: run.warnings,
    absences: await gapsOf(db, id),
    speakers: meeting.conversation.speakers,
    summary: analysis?.summary ?? null,
    actionItems: analysis?.actionItems ?? [],
    notes: analysis?.notes ?? [],
    analysisVersion: analysis?.version ?? null,
  };
}

/** Where a call's sound lies in the media store. Null: not there, or not this person's. */
export const callSoundOf = (db: Db, userId: string, id: string) =>
  db.meeting.findFirst({ where: { id, ...readableBy(userId) }, select: { audioKey: true, audioType: true } });

/** What a calendar is told of a meeting. Null: not there, or not this person's. */
export async function meetingForCalendar(db: Db, userId: string, id: string) {
  const meeting = await db.meeting.findFirst({
    where: { id, ...readableBy(userId) },
    select: {
      scheduledAt: true,
      durationMinutes: true,
      sessionName: true,
      revision: true,
      agent: { select: { name: true } },
      conversation: {
        select: {
          title: true,
          createdAt: true,
          updatedAt: true,
          runs: { where: { kind: "meeting" }, select: { status: true, attempt: true, finishedAt: true } },
        },
      },
    },
  });
  const run = meeting?.conversation.runs[0];
  if (meeting === null || run === undefined) return null;
  const { conversation, agent, revision, ...times } = meeting;
  const { title, createdAt, updatedAt } = conversation;
  const isCancelled = run.status === "cancelled";
  return {
    id,
    title,
    createdAt,
    updatedAt: isCancelled && run.finishedAt !== null && run.finishedAt > updatedAt ? run.finishedAt : updatedAt,
    ...times,
    agentName: agent?.name ?? null,
    isCancelled,
    // Calling it off is a change, and so is setting it up again.
    sequence: revision + 2 * (run.attempt - 1) + (isCancelled ? 1 : 0),
  };
}

/** A person's meeting with an agent, for now, that nobody has joined; null where there is none. */
export async function unbegunMeeting(
  db: Db,
  { userId, agentId, provider }: { userId: string; agentId: string; provider: string },
): Promise<string | null> {
  const isOwn = { ownerId: userId, runs: { some: { kind: "meeting", status: "pending" } } };
  const ready = await db.meeting.findFirst({
    where: { agentId, provider, scheduledAt: null, startedAt: null, conversation: isOwn },
    select: { id: true },
  });
  return ready?.id ?? null;
}
