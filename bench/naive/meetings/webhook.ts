import type { Request, Response } from "express";
import type { TranscriptCollector } from "./collector.ts";
import type { Log } from "./retry.ts";
import type { AgentRow, MeetingRow, NaiveDatabase } from "./schema.ts";

/** The agent's session in a call, as Stream's SDK gives it. */
export interface RealtimeClient {
  updateSession(session: object): unknown;
  on(name: "realtime.event", listener: (event: unknown) => void): unknown;
}

/** Brings an agent into the call of type `default` whose id is the meeting's. */
export type ConnectAgent = (seat: { meetingId: string; agentUserId: string }) => Promise<RealtimeClient>;

export interface WebhookDeps {
  db: NaiveDatabase;
  collector: TranscriptCollector;
  connectAgent: ConnectAgent;
  processImmediately: (meetingId: string) => Promise<void>;
  /** True also takes a start for a meeting that is active already. */
  startsWhenActive: boolean;
  log: Log;
}

interface Payload {
  type?: string;
  call?: { custom?: { meetingId?: string } };
}

/**
 * The reference design's webhook route. It believes whoever posts, works inside the request, and the agent's
 * connection with its listener lives on in the process that happened to take the start.
 */
export function createWebhook(deps: WebhookDeps) {
  const { log } = deps;
  return async function webhook(request: Request, response: Response): Promise<void> {
    const payload = request.body as Payload;
    const isStart = payload.type === "call.session_started";
    if (isStart || payload.type === "call.session_ended") {
      log(`[Webhook] Processing event: ${payload.type}`);
      const meetingId = payload.call?.custom?.meetingId;
      if (!meetingId) return void response.status(400).json({ error: "Missing meetingId" });
      const refusal = isStart ? await sessionStarted(deps, meetingId) : await sessionEnded(deps, meetingId);
      if (refusal) return void response.status(404).json({ error: refusal });
    }
    response.json({ status: "ok" });
  };
}

/** Gives the error of a 404, if there is one. */
async function sessionStarted(deps: WebhookDeps, meetingId: string): Promise<string | undefined> {
  const { db, connectAgent, log } = deps;
  const barred = ["completed", "cancelled", "processing", ...(deps.startsWhenActive ? [] : ["active"])];
  const { rows: found } = await db.query("SELECT * FROM meetings WHERE id = $1 AND NOT status::text = ANY ($2)", [
    meetingId,
    barred,
  ]);
  const existingMeeting = found[0] as MeetingRow | undefined;
  if (!existingMeeting) return "Meeting not found";

  await db.query("UPDATE meetings SET status = 'active', started_at = $2 WHERE id = $1", [
    existingMeeting.id,
    new Date(),
  ]);
  const { rows: agents } = await db.query("SELECT * FROM agents WHERE id = $1", [existingMeeting.agent_id]);
  const existingAgent = agents[0] as AgentRow | undefined;
  if (!existingAgent) return "Agent not found";

  const realtimeClient = await connectAgent({ meetingId, agentUserId: existingAgent.id });
  log(`Updating session instructions: ${existingMeeting.prompt}`);
  realtimeClient.updateSession({
    instructions: existingMeeting.prompt || "You are a helpful AI assistant.",
    input_audio_transcription: { model: "whisper-1" },
    turn_detection: { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 },
  });
  realtimeClient.on("realtime.event", (notification) => collect(deps, meetingId, notification));
  log(`[Webhook] Real-time transcript collection started for meeting ${meetingId}`);
  return undefined;
}

function collect({ collector, log }: WebhookDeps, meetingId: string, notification: unknown): void {
  try {
    const { event } = notification as { event: { type: string; transcript?: string } };
    if (event.type === "response.audio_transcript.done" && event.transcript)
      void collector.storeChunk(meetingId, "agent", event.transcript);
    if (event.type === "conversation.item.audio_transcription.completed" && event.transcript)
      void collector.storeChunk(meetingId, "user", event.transcript);
  } catch (error) {
    log(`[Webhook] Transcript collection error for meeting ${meetingId}`, error);
  }
}

async function sessionEnded(deps: WebhookDeps, meetingId: string): Promise<undefined> {
  const { db, collector, processImmediately, log } = deps;
  await collector.markTranscriptCollected(meetingId);
  await db.query(
    `UPDATE meetings SET status = 'processing', ended_at = $2, processing_started_at = $2
     WHERE id = $1 AND status = 'active'`,
    [meetingId, new Date()],
  );
  // Nobody waits for it, and it starts whatever the update has found.
  processImmediately(meetingId).catch((error: unknown) =>
    log(`[Webhook] Processing failed for meeting ${meetingId}`, error),
  );
  collector.cleanup(meetingId);
}
