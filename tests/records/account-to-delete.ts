import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { addRecorder, addVisit } from "#tests/bot-visits/recorder-fixtures.ts";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { addRecording } from "./people.ts";
import type { addPerson } from "./people.ts";

type Person = Awaited<ReturnType<typeof addPerson>>;

/** Until nothing more can be done at once. */
export async function carryOut(prisma: PrismaClient, userId: string): Promise<string> {
  for (let part = 0; part < 200; part++) {
    const progress = await carryOutDeletion(prisma, userId);
    if (progress !== "more") return progress;
  }
  throw new Error("It does not come to an end");
}

/** Makes somebody a member, so many minutes after the beginning of time. */
export const join = (prisma: PrismaClient, workspaceId: string, { userId }: Person, role: string, minute: number) =>
  prisma.membership.create({ data: { workspaceId, userId, role, createdAt: new Date(minute * 60_000) } });

/** One of everything in a person's own workspace. */
export async function fill(prisma: PrismaClient, person: Person) {
  const { id: recording } = await addRecording(prisma, person);
  const { id: meeting } = await addMeeting(prisma, person);
  const agent = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  await createAgent(prisma, { ...person, ...agent });
  const waiting = await addRecorder(prisma, person);
  const visited = await addVisit(
    prisma,
    person,
    { provider: "attendee", botId: newId(), botState: "ended", botStateAt: new Date(), requestedAt: new Date() },
    { status: "cancelled" },
  );
  const { calendar } = await addCalendar(prisma, person);
  const rows = await addChannelRows(prisma, person);
  return { recording, meeting, waiting, visited, calendar, channel: rows.channel, video: rows.queued };
}

/** What waits in the outbox of one kind. */
export const orders = async (prisma: PrismaClient, kind: string) =>
  (await prisma.outbox.findMany({ where: { kind, state: "new" } })).map(({ payload }) => payload);
