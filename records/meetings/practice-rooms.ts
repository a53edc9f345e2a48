import { createHmac, randomBytes } from "node:crypto";
import type { ClientBase } from "pg";
import type { PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";

/** A room that has not been seen for this long may be taken over though its process seems to live: it hangs. */
export const roomLeaseMs = 15_000;

/** A room that nobody has seen for this long is over, and was when it was last seen. */
const silentMs = 60_000;

export type RoomClaim =
  | { kind: "mine"; sessionId: string; startedAt: Date; agentSecret: string; agentName: string }
  /** Another process holds it; an empty address says that it is between two. */
  | { kind: "elsewhere"; address: string }
  | { kind: "over" }
  | { kind: "unknown" };

interface RoomRow {
  session_id: string;
  started_at: Date;
  agent_secret: string;
}

const openStatuses = ["pending", "starting", "active"];

/**
 * Shows by the locks of this connection that a process lives, and that an address is its own; false where another has
 * one of them. Whoever finds a holder's lock free knows that the holder is gone.
 */
export async function lockHolder(
  client: ClientBase,
  { id, address }: { id: string; address: string },
): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('web process ' || $1, 0))
        AND pg_try_advisory_lock(hashtextextended('web address ' || $2, 0)) AS held`,
    [id, address],
  );
  return rows[0]?.held === true;
}

/**
 * Takes a meeting's room for this process, or says where it is. A room that was given up, and one whose process is
 * gone, is carried on with its session.
 */
export async function claimRoom(
  prisma: PrismaClient,
  { meetingId, address, holder, leaseMs = roomLeaseMs }: RoomHold & { leaseMs?: number | undefined },
): Promise<RoomClaim> {
  const meeting = await prisma.meeting.findFirst({
    where: { id: meetingId, provider: "practice" },
    select: {
      agent: { select: { name: true } },
      conversation: { select: { runs: { where: { kind: "meeting" }, select: { status: true } } } },
    },
  });
  if (meeting === null) return { kind: "unknown" };
  if (!meeting.conversation.runs.some(({ status }) => openStatuses.includes(status))) return { kind: "over" };
  const secret = randomBytes(32).toString("base64url");
  const [mine] = await prisma.$queryRaw<RoomRow[]>`
    INSERT INTO practice_room AS room (meeting_id, address, holder, session_id, agent_secret, started_at, seen_at)
    VALUES (${meetingId}::uuid, ${address}, ${holder}, ${newId()}::uuid, ${secret}, now(), now())
    ON CONFLICT (meeting_id) DO UPDATE SET address = ${address}, holder = ${holder}, seen_at = now()
      WHERE room.ended_at IS NULL
        AND (room.holder IN ('', ${holder}) OR room.seen_at < now() - ${leaseMs} * interval '1 millisecond'
             OR pg_try_advisory_xact_lock_shared(hashtextextended('web process ' || room.holder, 0)))
    RETURNING session_id, started_at, agent_secret`;
  if (mine !== undefined) {
    return {
      kind: "mine",
      sessionId: mine.session_id,
      startedAt: mine.started_at,
      agentSecret: mine.agent_secret,
      agentName: meeting.agent?.name ?? "Agent",
    };
  }
  const row = await prisma.practiceRoom.findUnique({ where: { meetingId }, select: { address: true, endedAt: true } });
  return row === null || row.endedAt !== null ? { kind: "over" } : { kind: "elsewhere", address: row.address };
}

interface RoomHold {
  meetingId: string;
  address: string;
  holder: string;
}

/** What has become of a room that this process holds, and of the agent that is to join it. */
export interface RoomState {
  isMine: boolean;
  isOpen: boolean;
  agentState: string;
  agentMessage: string;
}

/** Says that this process still holds these rooms, and asks how they are. A meeting that was deleted is left out. */
export async function renewRooms(
  prisma: PrismaClient,
  { holder, meetingIds }: { holder: string; meetingIds: string[] },
): Promise<Map<string, RoomState>> {
  const kept = await prisma.$queryRaw<{ meeting_id: string }[]>`
    UPDATE practice_room SET seen_at = now()
    WHERE holder = ${holder} AND ended_at IS NULL AND meeting_id = ANY(${meetingIds}::uuid[])
    RETURNING meeting_id`;
  const mine = new Set(kept.map((row) => row.meeting_id));
  const rows = await prisma.meeting.findMany({
    where: { id: { in: meetingIds } },
    select: {
      id: true,
      agentState: true,
      agentMessage: true,
      conversation: { select: { runs: { where: { kind: "meeting" }, select: { status: true } } } },
    },
  });
  return new Map(
    rows.map(({ id, agentState, agentMessage, conversation }) => [
      id,
      {
        isMine: mine.has(id),
        isOpen: conversation.runs.some(({ status }) => openStatuses.includes(status)),
        agentState,
        agentMessage,
      },
    ]),
  );
}

/** Notes the call's end, unless another process carries the room on. */
export async function endRoom(
  prisma: PrismaClient,
  { meetingId, holder, at }: { meetingId: string; holder: string; at: Date },
): Promise<void> {
  await prisma.practiceRoom.updateMany({ where: { meetingId, holder, endedAt: null }, data: { endedAt: at } });
}

/** Gives up every room of a process that ends, so that another may carry them on at once. */
export async function releaseRooms(prisma: PrismaClient, holder: string): Promise<void> {
  await prisma.practiceRoom.updateMany({ where: { holder, endedAt: null }, data: { holder: "", address: "" } });
}

/** Where an agent finds the room and what lets it in; null while nobody has opened it. */
export async function agentRoomAccess(
  prisma: PrismaClient,
  meetingId: string,
): Promise<{ address: string; token: string; isOver: boolean } | null> {
  const row = await prisma.practiceRoom.findUnique({ where: { meetingId } });
  return row && { address: row.address, token: agentToken(row), isOver: row.endedAt !== null };
}

/** The bearer token of a session's agent; the secret itself does not travel. */
export const agentToken = ({ agentSecret, sessionId }: { agentSecret: string; sessionId: string }) =>
  createHmac("sha256", agentSecret).update(`agent ${sessionId}`).digest("base64url");

/** The room's one session; ended, too, where nobody has kept the room for a while. Null: nobody ever came. */
export async function roomSession(
  prisma: PrismaClient,
  meetingId: string,
): Promise<{ id: string; startedAt: Date; endedAt: Date | null } | null> {
  const [row] = await prisma.$queryRaw<{ session_id: string; started_at: Date; ended_at: Date | null }[]>`
    SELECT session_id, started_at,
           COALESCE(ended_at, CASE WHEN seen_at < now() - ${silentMs} * interval '1 millisecond' THEN seen_at END) AS ended_at
    FROM practice_room WHERE meeting_id = ${meetingId}::uuid`;
  return row === undefined ? null : { id: row.session_id, startedAt: row.started_at, endedAt: row.ended_at };
}
