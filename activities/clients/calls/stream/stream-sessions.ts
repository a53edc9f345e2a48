import type { CallResponse, CallStatsSessionResponse, StreamClient } from "@stream-io/node-sdk";
import type { Logger } from "pino";
import type { CallSession } from "../call-provider.ts";
import { isUnknownToStream, streamFailure } from "./stream-failure.ts";

/**
 * The sessions of a call, by two sources of the SDK's generated types. `GET /video/call/{type}/{id}` gives the call with
 * its latest session (`CallResponse.session: {id, started_at, ended_at}`) and is exact. `POST /video/call_stats`
 * (`CallStatsSessionResponse: {call_session_id, call_started_at, call_ended_at}`) lists earlier ones too, with a delay.
 */
export async function sessionsOf(client: StreamClient, meetingId: string, log: Logger): Promise<CallSession[] | null> {
  const call = await client.video
    .call("default", meetingId)
    .get()
    .then((answer) => answer.call)
    .catch((error: unknown) => {
      if (isUnknownToStream(error)) return null;
      throw streamFailure(error);
    });
  if (call === null) return null;
  if (!call.session) return [];
  return mergeSessions(call, await earlier(client, call.cid, log));
}

// Statistics are an extra here: what the call itself says is enough to go on with.
async function earlier(client: StreamClient, cid: string, log: Logger): Promise<CallStatsSessionResponse[]> {
  try {
    const { call_stats } = await client.video.queryCallSessionStats({
      filter_conditions: { call_cid: cid },
      limit: 100,
    });
    return call_stats ?? [];
  } catch (error) {
    log.warn({ err: streamFailure(error), cid }, "Stream told no earlier sessions of the call");
    return [];
  }
}

export function mergeSessions(
  call: Pick<CallResponse, "session" | "ended_at">,
  stats: CallStatsSessionResponse[],
): CallSession[] {
  const sessions = new Map<string, CallSession>();
  for (const { call_session_id: id, call_started_at, call_ended_at } of stats)
    if (isTime(call_started_at))
      sessions.set(id, { id, startedAt: call_started_at, endedAt: isTime(call_ended_at) ? call_ended_at : null });
  const latest = call.session;
  if (latest && isTime(latest.started_at)) {
    // "End for all" is stamped on the call; its session follows when the last connection is gone.
    const ends = [latest.ended_at, call.ended_at]
      .filter((end) => isTime(end))
      .filter((end) => end >= latest.started_at!);
    sessions.set(latest.id, { id: latest.id, startedAt: latest.started_at, endedAt: ends[0] ?? null });
  }
  const inOrder = [...sessions.values()].toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
  // A call has one session at a time, so the next one's start is the latest that this one can have ended.
  return inOrder.map((session, index) => ({
    ...session,
    endedAt: session.endedAt ?? inOrder[index + 1]?.startedAt ?? null,
  }));
}

const isTime = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());
