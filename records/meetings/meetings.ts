import { meetingWorkflowId } from "#domain/ids.ts";
import { changeTopics, conversationTopic } from "#domain/live.ts";
import type { MeetingEventData } from "#domain/live.ts";
import type { CallFacts } from "#domain/meeting.ts";
import { endOf } from "#domain/meeting.ts";
import { currentProgress, findNextSession, mergeProgress, planSessions, readProgress } from "#domain/plan.ts";
import type { PlanSession, ProgressEntry } from "#domain/plan.ts";
import type { Person } from "#domain/realtime-events.ts";
import { timing } from "#domain/timing.ts";
import type { Meeting } from "#prisma/generated/client.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { announce, announcementsFor } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { nextMeetingId } from "./next-meeting-id.ts";
import { createRun } from "../runs/new-run.ts";
import { enqueue } from "../queues/outbox.ts";
import { noteParticipant } from "./participants.ts";

export interface MeetingOrder {
  userId: string;
  workspaceId: string;
  agentId: string;
  name: string;
  prompt: string;
  scheduledAt: Date | null;
  durationMinutes: number;
  provider: "stream" | "practice";
  /** The session of the plan that it is for, null for none; left out, the person's next one. */
  sessionName?: string | null | undefined;
}

export type CreatedMeeting = Outcome<{ id: string }, "agent_not_found" | "session_not_found">;

/** Makes a meeting with its run; whoever is asked to carry the call hears of it when the first person joins. */
export async function createMeeting(prisma: PrismaClient, order: MeetingOrder): Promise<CreatedMeeting> {
  return prisma.$transaction(async (tx) => {
    const agent = await tx.agent.findFirst({
      where: { id: order.agentId, workspaceId: order.workspaceId },
      select: { blueprintSnapshot: true },
    });
    if (agent === null) return { ok: false, reason: "agent_not_found" };
    const { userId: ownerId, sessionName, ...rest } = order;
    const sessions = planSessions(agent.blueprintSnapshot);
    if (typeof sessionName === "string" && !sessions.some(({ session_name }) => session_name === sessionName)) {
      return { ok: false, reason: "session_not_found" };
    }
    const progress = await progressOf(tx, { userId: ownerId, agentId: order.agentId, sessions });
    const id = newId();
    await insertMeeting(tx, {
      ...rest,
      id,
      ownerId,
      progress,
      sessionName: sessionName === undefined ? (findNextSession(progress)?.session_name ?? null) : sessionName,
      previousId: null,
    });
    return { ok: true, id };
  });
}

/** How many of the newest meetings tell how far a person is; each took along what was reached before it. */
const mostMeetings = 50;

/**
 * How far a person is in an agent's plan, by the meetings that they have held with it, and by `own`: what one that is
 * not over knows by itself.
 */
export async function progressOf(
  db: Db,
  {
    userId,
    agentId,
    sessions,
    own = [],
  }: { userId: string | null; sessions: PlanSession[] } & {
    agentId: string | null;
    own?: unknown;
  },
): Promise<ProgressEntry[]> {
  const isKnown = userId !== null && agentId !== null && sessions.length > 0;
  const held = isKnown ? await heldWith(db, userId, agentId) : [];
  // Each as the plan now is: a session that was completed before it gained a goal is open again.
  const merged = [own, ...held].map((stored) => currentProgress(stored, sessions)).reduce(mergeProgress, []);
  return currentProgress(merged, sessions);
}

async function heldWith(db: Db, userId: string, agentId: string): Promise<unknown[]> {
  const held = await db.meeting.findMany({
    where: { agentId, conversation: { ownerId: userId, runs: { some: { kind: "meeting", status: "completed" } } } },
    select: { progress: true },
    orderBy: { id: "desc" },
    take: mostMeetings,
  });
  return held.map(({ progress }) => progress);
}

interface NewMeeting extends Omit<MeetingOrder, "userId" | "sessionName"> {
  id: string;
  ownerId: string | null;
  progress: ProgressEntry[];
  sessionName: string | null;
  previousId: string | null;
}

async function insertMeeting(tx: Tx, { id, name, ownerId, progress, ...order }: NewMeeting): Promise<void> {
  const { workspaceId } = order;
  await tx.conversation.create({ data: { id, kind: "meeting", title: name, ownerId, workspaceId } });
  await tx.meeting.create({ data: { id, ...order, progress } });
  const agent = await tx.agent.findUnique({ where: { id: order.agentId }, select: { name: true } });
  // the name under which it is read and shown; people have their own, once they speak.
  await tx.speaker.create({
    data: { conversationId: id, label: "agent", displayName: agent?.name ?? "Agent" },
  });
  await createRun(tx, {
    kind: "meeting",
    stage: "upcoming",
    workflowId: meetingWorkflowId(id),
    conversationId: id,
    title: name,
    ownerId,
    workspaceId,
  });
}

/** The namespace of ids derived from a meeting; made once at random. */
export type NextMeeting = { id: string; created: boolean } | null;

/**
 * the meeting for the next session of the plan, made once however often this is asked. Null: the plan is done,
 * or there is none. Throws `AgentNotFound` where nobody is left to hold it.
 */
export async function createNextMeeting(tx: Tx, meetingId: string): Promise<NextMeeting> {
  await tx.$queryRaw`SELECT 1 FROM meeting WHERE id = ${meetingId}::uuid FOR UPDATE`;
  const meeting = await tx.meeting.findUnique({
    where: { id: meetingId },
    include: {
      agent: { select: { blueprintSnapshot: true } },
      next: { select: { id: true } },
      conversation: { select: { ownerId: true, analyses: { orderBy: { version: "asc" }, take: 1 } } },
    },
  });
  if (meeting === null) return null;
  const [existing] = meeting.next;
  // Settled before; a next meeting that was deleted since stays deleted.
  if (meeting.nextPlannedAt !== null) return existing === undefined ? null : { id: existing.id, created: false };
  // The plan goes with its agent; what was still to do is known from the progress.
  const progress =
    meeting.agent === null
      ? readProgress(meeting.progress)
      : await progressOf(tx, {
          userId: meeting.conversation.ownerId,
          agentId: meeting.agentId,
          sessions: planSessions(meeting.agent.blueprintSnapshot),
          own: meeting.progress,
        });
  const session = findNextSession(progress);
  if (session !== null && meeting.agentId === null) throw new AgentNotFound("The agent of this plan was deleted.");
  await tx.meeting.update({ where: { id: meetingId }, data: { nextPlannedAt: new Date(), nextProblem: null } });
  if (session === null || meeting.agentId === null) return null;
  const id = nextMeetingId(meetingId, session.session_name);
  const news = { conversationId: meetingId };
  // Before the new meeting's own news: conversations' topics are locked before workspaces' everywhere.
  await announce(tx, [{ topic: conversationTopic(meetingId), type: "conversation.changed", data: news }]);
  await insertMeeting(tx, {
    id,
    name: session.session_name,
    ownerId: meeting.conversation.ownerId,
    workspaceId: meeting.workspaceId,
    agentId: meeting.agentId,
    prompt: meeting.conversation.analyses[0]?.nextSessionPrompt ?? "",
    progress,
    sessionName: session.session_name,
    scheduledAt: null,
    durationMinutes: meeting.durationMinutes,
    provider: meeting.provider as MeetingOrder["provider"],
    previousId: meetingId,
  });
  return { id, created: true };
}

export class AgentNotFound extends Error {}

/** The facts of the call as its row keeps them, in milliseconds since the epoch. */
export const factsOf = (row: Meeting): CallFacts => ({
  startedAt: row.startedAt?.getTime() ?? null,
  lastStartedAt: row.lastStartedAt?.getTime() ?? null,
  endedAt: row.endedAt?.getTime() ?? null,
  leftAt: row.leftAt?.getTime() ?? null,
  cutOffAt: row.cutOffAt?.getTime() ?? null,
});

/** Writes the facts of the call to the meeting and its conversation, and gives back what to tell. */
export async function saveFacts(tx: Tx, meetingId: string, facts: CallFacts): Promise<Announcement[]> {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms));
  const row = await tx.meeting.update({
    where: { id: meetingId },
    data: {
      startedAt: at(facts.startedAt),
      lastStartedAt: at(facts.lastStartedAt),
      endedAt: at(facts.endedAt),
      leftAt: at(facts.leftAt),
      cutOffAt: at(facts.cutOffAt),
    },
  });
  await tx.conversation.update({
    where: { id: meetingId },
    data: { startedAt: at(facts.startedAt), endedAt: at(endOf(facts)) },
  });
  return meetingAnnouncements(row);
}

/** What the agent is doing, for everybody who looks at the meeting. */
export type AgentState = "away" | "joining" | "present" | "reconnecting" | "failed" | "left";

/** Writes what the agent is doing and tells it, unless a newer link of it has taken over. */
export async function saveAgentState(
  tx: Tx,
  meetingId: string,
  { generation, state, message }: { generation?: number; state: AgentState; message: string },
): Promise<void> {
  const { count } = await tx.meeting.updateMany({
    where: {
      id: meetingId,
      NOT: { agentState: state, agentMessage: message },
      ...(generation === undefined ? {} : { agentGeneration: generation }),
    },
    data: { agentState: state, agentMessage: message },
  });
  if (count === 0) return;
  const row = await tx.meeting.findUniqueOrThrow({ where: { id: meetingId } });
  await announce(tx, meetingAnnouncements(row));
}

/** What tells of a meeting as it is now. */
export function meetingAnnouncements(row: Meeting): Announcement[] {
  const facts = factsOf(row);
  const ended = endOf(facts);
  const data: MeetingEventData = {
    conversationId: row.id,
    scheduledAt: row.scheduledAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: ended === null ? null : new Date(ended).toISOString(),
    agentState: row.agentState,
    agentMessage: row.agentMessage,
  };
  return announcementsFor(
    changeTopics({ conversationId: row.id, workspaceId: row.workspaceId }),
    "meeting.changed",
    data,
  );
}

/**
 * Notes who was let into the call: by their name their words are known, and a call whose start is never told of is looked for: by the
 * reconcile pass, and before it in the first seconds, where a provider outside tells by webhooks that may not arrive.
 */
export async function noteAdmission(prisma: PrismaClient, meetingId: string, person: Person): Promise<void> {
  const now = new Date();
  await prisma.$transaction(async (tx) => {
    await noteParticipant(tx, meetingId, person);
    const waiting = await tx.meeting.updateManyAndReturn({
      where: { id: meetingId },
      data: { admittedAt: now },
      select: { provider: true, startedAt: true },
    });
    if (!waiting.some(({ provider, startedAt }) => provider === "stream" && startedAt === null)) return;
    await enqueue(tx, {
      kind: "call.ask",
      payload: { meetingId, at: now.getTime() },
      dedupeKey: `call.ask ${meetingId} ${now.getTime()}`,
      // Not the meeting's own: what people order about it does not wait behind this.
      partitionKey: `call.ask ${meetingId}`,
      notBefore: new Date(now.getTime() + timing.startTold.firstMs),
    });
  });
}
