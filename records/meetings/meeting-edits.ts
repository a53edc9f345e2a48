import { changeTopics } from "#domain/live.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { currentProgress, findNextSession, planSessions, ProgressEntry } from "#domain/plan.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import type { Meeting, Prisma } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import { isUniqueViolation } from "../db.ts";
import type { PrismaClient, Tx } from "../db.ts";
import type { Outcome } from "../outcome.ts";
import { announce, announcementsFor } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { createNextMeeting, meetingAnnouncements } from "./meetings.ts";
import { enqueue } from "../queues/outbox.ts";

/** What a person may change of a meeting; all but the name only until its call begins. */
export interface MeetingEdit {
  name?: string;
  prompt?: string;
  agentId?: string;
  scheduledAt?: Date | null;
  durationMinutes?: number;
}

/** What came of it. `conflict` and `time` say in words why not. */
export type EditAnswer = Outcome<object, "not_found" | "agent_not_found" | "time" | "conflict">;

const GRACE_MS = 60_000;
const FARTHEST_MS = 2 * 366 * 86_400_000;

/** Why a meeting cannot be set to a time, in words; null where it can. */
export function problemWithTime(at: Date | null, now = new Date()): string | null {
  if (at === null) return null;
  if (at.getTime() < now.getTime() - GRACE_MS) return "Choose a time that lies ahead.";
  return at.getTime() > now.getTime() + FARTHEST_MS ? "Choose a time within the next two years." : null;
}

/** Changes a meeting, its news and the word to its workflow, which sets its reminder anew, in one transaction. */
export async function editMeeting(
  prisma: PrismaClient,
  { userId, id, edit }: { userId: string; id: string; edit: MeetingEdit },
): Promise<EditAnswer> {
  return prisma.$transaction(async (tx) => {
    // Locked, in the order in which a beginning call locks them: it cannot begin between the look and the change.
    await tx.$queryRaw`SELECT 1 FROM meeting WHERE id = ${id}::uuid FOR UPDATE`;
    await tx.$queryRaw`SELECT 1 FROM run WHERE conversation_id = ${id}::uuid AND kind = 'meeting' FOR UPDATE`;
    const run = await tx.run.findFirst({
      where: { conversationId: id, kind: "meeting", ...writableBy(userId) },
      select: { id: true, status: true, stage: true, workspaceId: true },
    });
    const meeting = await tx.meeting.findUnique({ where: { id } });
    if (run === null || meeting === null) return { ok: false, reason: "not_found" };
    const { name, ...rest } = edit;
    const status = meetingViewOf(run);
    if (Object.values(rest).some((value) => value !== undefined) && status !== "upcoming") {
      return { ok: false, reason: "conflict", message: `A meeting that is ${status} keeps all but its name.` };
    }
    const isMoved = isOtherTime(meeting.scheduledAt, edit.scheduledAt);
    const message = isMoved ? problemWithTime(edit.scheduledAt ?? null) : null;
    if (message !== null) return { ok: false, reason: "time", message };
    const columns = await columnsOf(tx, meeting, rest);
    if (columns === null) return { ok: false, reason: "agent_not_found" };
    // A new time is reminded of anew.
    const row = await tx.meeting.update({
      where: { id },
      data: { ...columns, revision: { increment: 1 }, ...(isMoved ? { remindedAt: null } : {}) },
    });
    const { title } = await tx.conversation.update({
      where: { id },
      data: { updatedAt: new Date(), ...(name === undefined ? {} : { title: name }) },
    });
    if (!isFinal(run.status as RunStatus)) await orderEdit(tx, run.id, id);
    const data = { conversationId: id, title };
    const topics = changeTopics({ conversationId: id, workspaceId: run.workspaceId });
    await announce(tx, [...meetingAnnouncements(row), ...announcementsFor(topics, "conversation.changed", data)]);
    return { ok: true };
  });
}

const isOtherTime = (before: Date | null, after: Date | null | undefined) =>
  after !== undefined && (before?.getTime() ?? null) !== (after?.getTime() ?? null);

async function orderEdit(tx: Tx, runId: string, meetingId: string): Promise<void> {
  const edit = newId();
  await enqueue(tx, {
    kind: "meeting.edited",
    payload: { meetingId, edit },
    dedupeKey: `meeting.edited:${edit}`,
    partitionKey: runId,
  });
}

// Null: there is no such agent in the meeting's workspace.
async function columnsOf(
  tx: Tx,
  meeting: Meeting,
  { agentId, ...columns }: Omit<MeetingEdit, "name">,
): Promise<Prisma.MeetingUncheckedUpdateInput | null> {
  if (agentId === undefined || agentId === meeting.agentId) return columns;
  const agent = await tx.agent.findFirst({
    where: { id: agentId, workspaceId: meeting.workspaceId },
    select: { name: true, blueprintSnapshot: true },
  });
  if (agent === null) return null;
  await tx.speaker.updateMany({
    where: { conversationId: meeting.id, label: "agent" },
    data: { displayName: agent.name },
  });
  const sessions = planSessions(agent.blueprintSnapshot);
  const names = new Set(sessions.map(({ session_name }) => session_name));
  // What was covered counts where the other agent's plan has the same session; the rest of the old plan is left behind.
  const known = ProgressEntry.array().safeParse(meeting.progress).data ?? [];
  const carried = known.filter(({ session_name }) => names.has(session_name));
  const progress = currentProgress(carried, sessions);
  return {
    ...columns,
    agentId,
    progress: progress as unknown as Prisma.InputJsonArray,
    sessionName: findNextSession(progress)?.session_name ?? null,
  };
}

export type NextSessionAnswer = Outcome<{ id: string; created: boolean }>;

/** Tries again to create the meeting for the plan's next session, after that has failed. Asked twice, it is made once. */
export async function retryNextSession(
  prisma: PrismaClient,
  { userId, id }: { userId: string; id: string },
): Promise<NextSessionAnswer> {
  const attempt = () =>
    prisma.$transaction(async (tx): Promise<NextSessionAnswer> => {
      const run = await tx.run.findFirst({
        where: { conversationId: id, kind: "meeting", ...writableBy(userId) },
        select: { status: true },
      });
      if (run === null) return { ok: false, reason: "not_found" };
      if (run.status !== "completed") return conflict("The next session is created when this meeting is completed.");
      const { agentId } = await tx.meeting.findUniqueOrThrow({ where: { id }, select: { agentId: true } });
      if (agentId === null) return conflict(agentGone);
      const next = await createNextMeeting(tx, id);
      const row = await tx.meeting.update({ where: { id }, data: { nextProblem: null } });
      await announce(tx, meetingAnnouncements(row));
      if (next !== null) return { ok: true, ...next };
      return conflict("The plan has no session left to create a meeting for.");
    });
  try {
    return await attempt();
  } catch (error) {
    // The workflow's own creation came first; now it is found.
    if (isUniqueViolation(error)) return attempt();
    throw error;
  }
}

const agentGone = "The agent was deleted, and its plan with it, so there is no next session. Create a new meeting.";
const conflict = (message: string) => ({ ok: false, reason: "conflict", message }) as const;
