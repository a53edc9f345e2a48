import type { MeetingStatus } from "#domain/meeting.ts";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { currentProgress, findNextSession, planSessions } from "#domain/plan.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy, writableBy, writingRoles } from "../accounts/access.ts";
import type { WorkspaceRole } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { runsHolding } from "../runs/run-lists.ts";
import { progressOf } from "./meetings.ts";
import { conversationOf, errorOf } from "../runs/runs.ts";

const selectFor = (userId: string) =>
  ({
    id: true,
    status: true,
    title: true,
    ownerId: true,
    stage: true,
    percent: true,
    message: true,
    attempt: true,
    errorCode: true,
    errorMessage: true,
    errorStage: true,
    errorAttempt: true,
    cancelRequested: true,
    createdAt: true,
    workspace: { select: { id: true, name: true, memberships: { where: { userId }, select: { role: true } } } },
    conversation: {
      select: {
        id: true,
        endedAt: true,
        meeting: {
          select: {
            agentId: true,
            agent: { select: { id: true, name: true } },
            sessionName: true,
            provider: true,
            scheduledAt: true,
            durationMinutes: true,
            startedAt: true,
          },
        },
      },
    },
  }) satisfies Prisma.RunSelect;

/** A meeting as a list shows it: what it is, where its run stands, and its status at the edge. */
function meetingRow({
  id: runId,
  title,
  ownerId,
  conversation,
  workspace,
  errorCode,
  errorMessage,
  errorStage,
  errorAttempt,
  ...run
}: Prisma.RunGetPayload<{ select: ReturnType<typeof selectFor> }>) {
  const { id, endedAt, meeting } = conversationOf(conversation);
  const { memberships, ...home } = workspace;
  return {
    ...run,
    id,
    runId,
    name: title,
    userId: ownerId,
    workspaceId: home.id,
    workspace: home,
    canWrite: memberships.some(({ role }) => writingRoles.includes(role as WorkspaceRole)),
    endedAt,
    status: meetingViewOf(run),
    error: errorOf({ errorCode, errorMessage, errorStage, errorAttempt }),
    agentId: meeting?.agentId ?? null,
    agent: meeting?.agent ?? null,
    sessionName: meeting?.sessionName ?? null,
    provider: meeting?.provider ?? "practice",
    scheduledAt: meeting?.scheduledAt ?? null,
    durationMinutes: meeting?.durationMinutes ?? 0,
    startedAt: meeting?.startedAt ?? null,
  };
}
export type MeetingRow = ReturnType<typeof meetingRow>;

/** The runs that are in a status at the edge: `meetingViewOf`, the other way round. */
function runsIn(status: MeetingStatus): Prisma.RunWhereInput {
  switch (status) {
    case "upcoming":
      return { status: "pending", stage: { in: ["upcoming", "call"] } };
    case "active":
      return { status: { in: ["starting", "active"] }, stage: { in: ["upcoming", "call"] } };
    case "processing":
      return {
        OR: [
          { status: "processing" },
          { status: { in: ["pending", "starting", "active"] }, stage: { notIn: ["upcoming", "call"] } },
        ],
      };
    default:
      return { status };
  }
}

export interface MeetingQuery {
  status: MeetingStatus | null;
  agentId?: string | null;
  workspaceId?: string | null;
  /** Part of a name or of what was said; null for all. */
  text: string | null;
  /** `nextCursor` of the page before, or null for the first page. */
  cursor: string | null;
  limit: number;
}

/**
 * A person's meetings, the newest first; those to come by their time instead, first those that wait for somebody to
 * join. Cursors are ids of runs: a meeting's own id tells nothing of when it was made.
 */
export async function listMeetings(db: Db, userId: string, query: MeetingQuery) {
  const { status, agentId, workspaceId, text, cursor, limit } = query;
  const isByTime = status === "upcoming";
  const rows = await db.run.findMany({
    where: {
      AND: [
        { kind: "meeting", ...readableBy(userId) },
        status === null ? {} : runsIn(status),
        workspaceId ? { workspaceId } : {},
        agentId ? { conversation: { meeting: { agentId } } } : {},
        runsHolding(text),
        cursor === null ? {} : isByTime ? await afterInTime(db, cursor) : { id: { lt: cursor } },
      ],
    },
    select: selectFor(userId),
    orderBy: isByTime ? inTime : { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(meetingRow);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.runId ?? null) : null };
}

const inTime = [
  { conversation: { meeting: { scheduledAt: { sort: "asc", nulls: "first" } } } },
  { id: "desc" },
] satisfies Prisma.RunOrderByWithRelationInput[];

async function afterInTime(db: Db, cursor: string): Promise<Prisma.RunWhereInput> {
  const last = await db.run.findUnique({
    where: { id: cursor },
    select: { conversation: { select: { meeting: { select: { scheduledAt: true } } } } },
  });
  const scheduledAt = last?.conversation?.meeting?.scheduledAt ?? null;
  const at = (when: Prisma.MeetingWhereInput) => ({ conversation: { meeting: when } });
  const sameTime = { ...at({ scheduledAt }), id: { lt: cursor } };
  return {
    OR: [sameTime, at(scheduledAt === null ? { NOT: { scheduledAt: null } } : { scheduledAt: { gt: scheduledAt } })],
  };
}

const DAY_MS = 86_400_000;

/** What a person's home shows of meetings: those in their call or being read, and those of the next 24 hours. */
export async function meetingsNow(db: Db, userId: string) {
  const soon = { gte: new Date(Date.now() - DAY_MS / 24), lte: new Date(Date.now() + DAY_MS) };
  const mine = { kind: "meeting", ...readableBy(userId) };
  const ongoing = await db.run.findMany({
    where: { AND: [mine, { OR: [runsIn("active"), runsIn("processing")] }] },
    select: selectFor(userId),
    orderBy: { id: "desc" },
    take: 20,
  });
  const upcoming = await db.run.findMany({
    where: { AND: [mine, runsIn("upcoming"), { conversation: { meeting: { scheduledAt: soon } } }] },
    select: selectFor(userId),
    orderBy: inTime,
    take: 5,
  });
  return [...ongoing, ...upcoming].map(meetingRow);
}

/** One meeting's row. Null: not there, or not this person's. */
export async function meetingRowOf(db: Db, userId: string, id: string): Promise<MeetingRow | null> {
  const run = await db.run.findFirst({
    where: { conversationId: id, kind: "meeting", ...readableBy(userId) },
    select: selectFor(userId),
  });
  return run === null ? null : meetingRow(run);
}

/** What A-69 answers of a meeting. Null: not there, or not this person's. */
export async function meetingStatus(db: Db, userId: string, id: string) {
  const meeting = await db.meeting.findFirst({
    where: { id, ...readableBy(userId) },
    select: {
      processingStartedAt: true,
      transcriptCollected: true,
      conversation: {
        select: {
          endedAt: true,
          runs: { where: { kind: "meeting" }, select: { status: true, stage: true, errorMessage: true } },
        },
      },
    },
  });
  const run = meeting?.conversation.runs[0];
  if (meeting === null || run === undefined) return null;
  return {
    status: meetingViewOf(run),
    error: run.errorMessage,
    endedAt: meeting.conversation.endedAt,
    processingStartedAt: meeting.processingStartedAt,
    transcriptCollected: meeting.transcriptCollected,
  };
}

/** The agents that a person may hold a meeting with, by name; of one workspace where one is named. */
export async function agentChoices(db: Db, userId: string, workspaceId?: string) {
  const rows = await db.agent.findMany({
    where: { ...writableBy(userId), ...(workspaceId === undefined ? {} : { workspaceId }) },
    select: { id: true, name: true, blueprintSnapshot: true, workspace: { select: { id: true, name: true } } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
    take: 500,
  });
  const heldWith = await db.meeting.findMany({
    where: { conversation: { ownerId: userId, runs: { some: { kind: "meeting", status: "completed" } } } },
    select: { agentId: true },
    distinct: ["agentId"],
  });
  const known = new Set(heldWith.map(({ agentId }) => agentId));
  return Promise.all(
    rows.map(async ({ blueprintSnapshot, ...row }) => {
      const planned = planSessions(blueprintSnapshot);
      const isBegun = planned.length > 0 && known.has(row.id);
      const progress = isBegun
        ? await progressOf(db, { userId, agentId: row.id, sessions: planned })
        : currentProgress([], planned);
      const names = new Set(planned.map(({ session_name }) => session_name));
      return {
        ...row,
        /** Its plan, as far as this person has come. */
        sessions: progress
          .filter(({ session_name }) => names.has(session_name))
          .map(({ session_name: name, status }) => ({ name, isDone: status === "completed" })),
        nextSession: findNextSession(progress)?.session_name ?? null,
      };
    }),
  );
}
export type AgentChoice = Awaited<ReturnType<typeof agentChoices>>[number];

/** Whether a person has anybody to hold a meeting with, and what the agent is called that a list is narrowed to. */
export async function agentsOfList(db: Db, userId: string, agentId: string | null) {
  const chosen =
    agentId === null
      ? null
      : await db.agent.findFirst({ where: { id: agentId, ...readableBy(userId) }, select: { name: true } });
  const any = await db.agent.findFirst({ where: writableBy(userId), select: { id: true } });
  return { hasAgents: any !== null, agentName: chosen?.name ?? null };
}

/** How many meetings of an agent have not begun; deleting it leaves them with nobody to talk with. */
export const countUpcoming = (db: Db, agentId: string) =>
  db.run.count({ where: { AND: [{ kind: "meeting", conversation: { meeting: { agentId } } }, runsIn("upcoming")] } });
