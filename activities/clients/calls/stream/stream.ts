import type { Logger } from "pino";
import { failure } from "../../child.ts";
import type { CallProvider } from "../call-provider.ts";
import { createStreamClient } from "./stream-client.ts";
import type { StreamAccount } from "./stream-client.ts";
import { isUnknownToStream, streamFailure } from "./stream-failure.ts";
import { openLink } from "./stream-link.ts";
import { sessionsOf } from "./stream-sessions.ts";
import { orAborted } from "./stream-wait.ts";

export interface StreamCallsOptions extends StreamAccount {
  openAiApiKey: string;
  /** Left out, the SDK's own default. */
  realtimeModel?: string | undefined;
  log: Logger;
  /** Within this the agent is in the call with its session configured, or the attempt has failed. */
  connectMs?: number;
  /** How often the connection is asked for a sign of life; three in a row without one are the end of it. */
  pulseMs?: number;
}

/** Calls carried by Stream Video, with OpenAI's realtime model as the agent. */
export function createStreamCalls(options: StreamCallsOptions): CallProvider {
  const { apiKey, apiSecret, baseUrl, openAiApiKey, realtimeModel, log } = options;
  const { connectMs = 15_000, pulseMs = 10_000 } = options;
  const client = createStreamClient({ apiKey, apiSecret, baseUrl });

  return {
    id: "stream",
    async connectAgent(seat) {
      seat.signal.throwIfAborted();
      const deadline = new AbortController();
      const timer = setTimeout(() => {
        deadline.abort(failure("provider_unavailable", `Stream: the agent was not in the call after ${connectMs} ms`));
      }, connectMs);
      const joining = AbortSignal.any([seat.signal, deadline.signal]);
      try {
        // The call shows the agent by the name its user has.
        await orAborted(client.upsertUsers([{ id: seat.agentId, name: seat.agentName }]), joining);
        const link = await openLink({ client, openAiApiKey, realtimeModel, log, pulseMs }, seat, joining);
        log.info({ meetingId: seat.meetingId }, "[Webhook] Transcript collection started");
        return link;
      } catch (error) {
        throw joining.aborted ? joining.reason : streamFailure(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async callState(meetingId, signal) {
      signal.throwIfAborted();
      return orAborted(sessionsOf(client, meetingId, log), signal);
    },
    async endCall(meetingId, signal) {
      signal.throwIfAborted();
      await orAborted(client.video.call("default", meetingId).end(), signal).catch((error: unknown) => {
        if (!isUnknownToStream(error)) throw streamFailure(error);
      });
    },
  };
}
