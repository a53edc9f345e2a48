import type { Pool } from "pg";
import { routeOf } from "#domain/call-webhook.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import type { Guest } from "./room.ts";

export interface CallOf {
  meetingId: string;
  sessionId: string;
  startedAt: Date;
}

/**
 * Tells of a call in Stream's words, into the same inbox. The key says what happened, so that telling it again, by
 * this process or the next, is no news.
 */
async function tell(
  pool: Pool,
  { meetingId, sessionId }: CallOf,
  { type, key, at, fields }: { type: string; key: string; at: Date; fields: object },
): Promise<void> {
  const body = {
    type,
    call_cid: `default:${meetingId}`,
    created_at: at.toISOString(),
    session_id: sessionId,
    ...fields,
  };
  await storeDelivery(pool, {
    sender: "practice",
    dedupeKey: `${meetingId}:${sessionId}:${key}`,
    subject: { kind: "meeting", id: meetingId },
    type,
    headers: {},
    body: Buffer.from(JSON.stringify(body)),
    occurredAt: at,
    wanted: routeOf({ type }) !== "nowhere",
  });
}

export const tellStarted = (pool: Pool, call: CallOf) =>
  tell(pool, call, {
    type: "call.session_started",
    key: "started",
    at: call.startedAt,
    fields: { call: callOf(call) },
  });

export const tellEnded = (pool: Pool, call: CallOf, at: Date) =>
  tell(pool, call, { type: "call.session_ended", key: "ended", at, fields: { call: callOf(call, at) } });

export const tellJoined = (pool: Pool, call: CallOf, guest: Guest, at: Date) =>
  tell(pool, call, {
    type: "call.session_participant_joined",
    key: `joined:${guest.stayId}`,
    at,
    fields: { participant: participantOf(guest) },
  });

export const tellLeft = (pool: Pool, call: CallOf, guest: Guest, at: Date) =>
  tell(pool, call, {
    type: "call.session_participant_left",
    key: `left:${guest.stayId}`,
    at,
    fields: { participant: participantOf(guest) },
  });

const callOf = ({ meetingId, sessionId, startedAt }: CallOf, endedAt?: Date) => ({
  type: "default",
  id: meetingId,
  cid: `default:${meetingId}`,
  custom: { meetingId },
  session: {
    id: sessionId,
    started_at: startedAt.toISOString(),
    ...(endedAt === undefined ? {} : { ended_at: endedAt.toISOString() }),
  },
});

const participantOf = ({ id, name, role, stayId }: Guest) => ({
  user: { id, name },
  role,
  user_session_id: stayId,
});
