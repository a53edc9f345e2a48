import type { Logger } from "pino";
import type { Pool } from "pg";
import type { CallWebhook } from "#domain/call-webhook.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import type { CallProvider, CallProviderId, CallSession } from "./clients/calls/call-provider.ts";

interface Deps {
  pool: Pool;
  log: Logger;
  calls: Partial<Record<CallProviderId, Pick<CallProvider, "callState">>>;
}

/**
 * Asks a call's provider what really happened, where its webhooks may be lost. What it knows enters by the same door as
 * its webhooks; a fact told before is the same delivery. Gives the number of sessions that it knows of.
 */
export function createCallStateReader({ pool, log, calls }: Deps) {
  async function deliver(meetingId: string, session: CallSession, type: string, at: Date): Promise<void> {
    const webhook: CallWebhook = {
      type,
      call_cid: `default:${meetingId}`,
      created_at: at.toISOString(),
      session_id: session.id,
      call: { custom: { meetingId } },
    };
    const isNew = await storeDelivery(pool, {
      sender: "reconcile",
      dedupeKey: `${meetingId} ${session.id} ${type} ${at.getTime()}`,
      subject: { kind: "meeting", id: meetingId },
      type,
      headers: {},
      body: Buffer.from(JSON.stringify(webhook)),
      occurredAt: at,
      wanted: true,
    });
    if (isNew) log.info({ meetingId, type }, "[Webhook] the provider's own word is taken");
  }

  return async ({ id, provider }: { id: string; provider: string }, signal: AbortSignal): Promise<number> => {
    const sessions = (await calls[provider as CallProviderId]?.callState(id, signal)) ?? [];
    for (const session of sessions) {
      await deliver(id, session, "call.session_started", session.startedAt);
      if (session.endedAt !== null) await deliver(id, session, "call.session_ended", session.endedAt);
    }
    return sessions.length;
  };
}
