import { conversationTopic } from "#domain/live.ts";
import { currentProgress, planSessions } from "#domain/plan.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { gapsOf } from "./transcript-gaps.ts";
import { readableBy } from "../accounts/access.ts";
import { latestAnalysis } from "../conversations/analyses.ts";
import { readAtOneInstant } from "../db.ts";
import type { Db, PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { analysisVersions } from "../conversations/analysis-versions.ts";
import { errorOf } from "../runs/runs.ts";
import { segmentsOf } from "../conversations/segments.ts";
import { openMerges } from "../conversations/undo-merge.ts";

/** How many of the newest words stand beside a call. */
const mostCaptions = 20;

const neighbour = { select: { id: true, conversation: { select: { title: true } } } } as const;

const meetingSelect = {
  id: true,
  workspaceId: true,
  provider: true,
  prompt: true,
  progress: true,
  sessionName: true,
  scheduledAt: true,
  durationMinutes: true,
  startedAt: true,
  processingStartedAt: true,
  agentState: true,
  agentMessage: true,
  nextProblem: true,
  audioKey: true,
  guestLinkVersion: true,
  agent: { select: { id: true, name: true, blueprintSnapshot: true } },
  previous: neighbour,
  next: { ...neighbour, take: 1 },
  conversation: {
    select: {
      title: true,
      ownerId: true,
      endedAt: true,
      createdAt: true,
      owner: { select: { name: true } },
      speakers: { select: { label: true, displayName: true }, orderBy: { label: "asc" } },
      runs: {
        where: { kind: "meeting" },
        include: {
          stages: { orderBy: { startedAt: "asc" } },
          claims: { orderBy: { attempt: "desc" }, take: 1 },
        },
        orderBy: { createdAt: "desc" },
        take: 1,
      },
    },
  },
} satisfies Prisma.MeetingSelect;

/**
 * A meeting as its call, its processing and its page show it, without a word of what was said, and the feed's number
 * `seq` of the same instant. Null: no such meeting, or not the one that `where` allows.
 */
async function readMeeting(tx: Db, where: Prisma.MeetingWhereInput) {
  const row = await tx.meeting.findFirst({ where, select: meetingSelect });
  const run = row?.conversation.runs[0];
  if (row === null || run === undefined) return null;
  const { conversation, agent, previous, next, progress, processingStartedAt, ...meeting } = row;
  const { runs: _, ...about } = conversation;
  const { claims, ...state } = run;
  // A retry begins when its workflow takes it up; until then nobody knows.
  const retryBegan = claims[0]?.attempt === run.attempt ? claims[0].createdAt : null;
  return {
    ...meeting,
    ...about,
    seq: await headOf(tx, conversationTopic(row.id)),
    processingSince: run.attempt === 1 ? processingStartedAt : retryBegan,
    run: { ...state, warnings: run.warnings as string[], error: errorOf(run) },
    agent: agent === null ? null : { id: agent.id, name: agent.name },
    plan: currentProgress(progress, planSessions(agent?.blueprintSnapshot)),
    previous: neighbourOf(previous),
    next: neighbourOf(next[0] ?? null),
  };
}
export type MeetingSnapshot = NonNullable<Awaited<ReturnType<typeof readMeeting>>>;

const neighbourOf = (row: { id: string; conversation: { title: string } } | null) =>
  row === null ? null : { id: row.id, title: row.conversation.title };

/** Everything a meeting's page shows. `version` asks for an earlier reading. */
export async function meetingSnapshot(
  prisma: PrismaClient,
  { userId, id, version }: { userId: string; id: string; version: number | null },
) {
  return readAtOneInstant(prisma, async (tx) => {
    const meeting = await readMeeting(tx, { id, ...readableBy(userId) });
    if (meeting === null) return null;
    return {
      ...meeting,
      segments: await segmentsOf(tx, id),
      merges: await openMerges(tx, id),
      absences: await gapsOf(tx, id),
      analysis: await latestAnalysis(tx, id, version ?? undefined),
      versions: await analysisVersions(tx, userId, id),
    };
  });
}

/** What a member's call page shows: the meeting, and its newest words in the order in which they were stored. */
export async function callSnapshot(prisma: PrismaClient, { userId, id }: { userId: string; id: string }) {
  return readAtOneInstant(prisma, async (tx) => {
    const meeting = await readMeeting(tx, { id, ...readableBy(userId) });
    if (meeting === null) return null;
    const newest = await tx.transcriptSegment.findMany({
      where: { conversationId: id },
      select: { id: true, speaker: true, label: true, text: true },
      orderBy: { sequenceNumber: "desc" },
      take: mostCaptions,
    });
    return {
      ...meeting,
      captions: newest.toReversed().map(({ id, speaker, label, text }) => ({ id, label: label ?? speaker, text })),
    };
  });
}

/** What a guest's page shows; whoever asks has checked the guest's link. */
export const guestSnapshot = (prisma: PrismaClient, id: string) =>
  readAtOneInstant(prisma, (tx) => readMeeting(tx, { id }));
