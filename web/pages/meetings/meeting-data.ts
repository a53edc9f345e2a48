import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { managingRoles, roleIn, writingRoles } from "#records/accounts/access.ts";
import type { PrismaClient } from "#records/db.ts";
import { callSnapshot, meetingSnapshot } from "#records/meetings/meeting-snapshot.ts";
import type { MeetingSnapshot } from "#records/meetings/meeting-snapshot.ts";

/** What every page of a meeting shows of it. */
function callOf(meeting: MeetingSnapshot) {
  const { id, title, provider, agent, run, startedAt, endedAt, processingSince, agentState, agentMessage } = meeting;
  return {
    id,
    title,
    provider: provider === "stream" ? ("stream" as const) : ("practice" as const),
    agent,
    run,
    call: { startedAt, endedAt, processingSince, agentState, agentMessage },
  };
}

// Who nobody has named is called what they are: the agent by its own name.
const speakersOf = ({ speakers, agent }: MeetingSnapshot) =>
  speakers.map((speaker) =>
    speaker.label === "agent" ? { ...speaker, displayName: speaker.displayName ?? agent?.name ?? null } : speaker,
  );

/** Who may end the call for everybody: whose meeting it is, and who runs the workspace. */
export async function isHostOf(
  prisma: PrismaClient,
  userId: string,
  meeting: Pick<MeetingSnapshot, "ownerId" | "workspaceId">,
): Promise<boolean> {
  if (meeting.ownerId === userId) return true;
  const role = await roleIn(prisma, userId, meeting.workspaceId);
  return role !== null && managingRoles.includes(role);
}

async function memberOf(prisma: PrismaClient, userId: string, meeting: MeetingSnapshot) {
  const role = await roleIn(prisma, userId, meeting.workspaceId);
  return {
    canWrite: role !== null && writingRoles.includes(role),
    isHost: await isHostOf(prisma, userId, meeting),
    feeds: [{ topic: conversationTopic(meeting.id), seq: meeting.seq }],
  };
}

/** What a member's call page shows. Null: no such meeting, or not this person's. */
export async function callData(prisma: PrismaClient, { userId, id }: { userId: string; id: string }) {
  const meeting = isId(id) ? await callSnapshot(prisma, { userId, id }) : null;
  if (meeting === null) return null;
  return {
    ...callOf(meeting),
    ...(await memberOf(prisma, userId, meeting)),
    speakers: speakersOf(meeting),
    captions: meeting.captions,
  };
}
export type CallData = NonNullable<Awaited<ReturnType<typeof callData>>>;

/** What a meeting's page shows, before, in and after its call. `version` asks for an earlier reading. */
export async function meetingData(prisma: PrismaClient, asked: { userId: string; id: string; version: number | null }) {
  const meeting = isId(asked.id) ? await meetingSnapshot(prisma, asked) : null;
  if (meeting === null) return null;
  const { owner, audioKey } = meeting;
  return {
    ...callOf(meeting),
    ...(await memberOf(prisma, asked.userId, meeting)),
    owner: owner?.name ?? null,
    createdAt: meeting.createdAt,
    scheduledAt: meeting.scheduledAt,
    durationMinutes: meeting.durationMinutes,
    prompt: meeting.prompt,
    sessionName: meeting.sessionName,
    plan: meeting.plan,
    previous: meeting.previous,
    next: meeting.next,
    nextProblem: meeting.nextProblem,
    hasAudio: audioKey !== null,
    guestLinkVersion: meeting.guestLinkVersion,
    speakers: speakersOf(meeting),
    segments: meeting.segments,
    merges: meeting.merges,
    absences: meeting.absences,
    analysis: meeting.analysis,
    versions: meeting.versions,
  };
}
export type MeetingData = Omit<NonNullable<Awaited<ReturnType<typeof meetingData>>>, "guestLinkVersion">;
