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
 * Emits an event of a call in Stream's words, into the same inbox. The key says what happened, so that emitting it
 * again, by this process or the next, changes nothing.
 */
async function emit(
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

export const emitCallStarted = (pool: Pool, call: CallOf) =>
  emit(pool, call, {
    type: "call.session_started",
    key: "started",
    at: call.startedAt,
    fields: { call: callOf(call) },
  });

export const emitCallEnded = (pool: Pool, call: CallOf, at: Date) =>
  emit(pool, call, { type: "call.session_ended", key: "ended", at, fields: { call: callOf(call, at) } });

export const emitJoined = (pool: Pool, call: CallOf, guest: Guest, at: Date) =>
  emit(pool, call, {
    type: "call.session_participant_joined",
    key: `joined:${guest.stayId}`,
    at,
    fields: { participant: participantOf(guest) },
  });

export const emitLeft = (pool: Pool, call: CallOf, guest: Guest, at: Date) =>
  emit(pool, call, {
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
