import type { StreamClient } from "@stream-io/node-sdk";
import type { RealtimeClient } from "@stream-io/openai-realtime-api";
import type { Logger } from "pino";
import { failure } from "../../child.ts";
import type { AgentLink, AgentSeat, RealtimeEvent } from "../call-provider.ts";
import { joinFailure, problemFailure } from "./stream-failure.ts";
import type { RealtimeProblem } from "./stream-failure.ts";
import { instructionsOf } from "./stream-instructions.ts";
import { watchSocket } from "./stream-socket.ts";
import { orAborted } from "./stream-wait.ts";

export interface LinkOptions {
  client: StreamClient;
  openAiApiKey: string;
  realtimeModel: string | undefined;
  log: Logger;
  pulseMs: number;
}

/** How long the answer to our `session.update` is waited for. A refusal comes at once; not every proxy confirms. */
const confirmMs = 3_000;

/** How long the other side may take to say goodbye. */
const goodbyeMs = 2_000;

/** Joins the call; `joining` aborts on the deadline and on the seat's own signal. */
export async function openLink(options: LinkOptions, seat: AgentSeat, joining: AbortSignal): Promise<AgentLink> {
  const { client, openAiApiKey, realtimeModel } = options;
  const connecting = client.video.connectOpenAi({
    call: client.video.call("default", seat.meetingId),
    openAiApiKey,
    agentUserId: seat.agentId,
    ...(realtimeModel === undefined ? {} : { model: realtimeModel }),
  });
  // The SDK cannot be told to stop connecting. An agent that comes in too late is sent out again.
  const realtime = await orAborted(connecting, joining, (late) => late.disconnect()).catch((error: unknown) => {
    throw joining.aborted ? joining.reason : joinFailure(error);
  });
  const link = holdLink(realtime, options, seat);
  try {
    await configure(realtime, seat, link, joining);
  } catch (error) {
    await link.close();
    throw error;
  }
  return link;
}

type HeldLink = AgentLink & { problem(): RealtimeProblem | null };

function holdLink(realtime: RealtimeClient, { log, pulseMs }: LinkOptions, seat: AgentSeat): HeldLink {
  const { promise: closed, resolve } = Promise.withResolvers<{ askedFor: boolean; reason: string }>();
  let askedFor = false;
  let reason = "the provider closed the connection";
  let problem: RealtimeProblem | null = null;
  let goodbye: NodeJS.Timeout | undefined;

  // One event that cannot be handled must not cost the call its agent.
  const tell = (envelope: RealtimeEvent) => {
    try {
      seat.onEvent(envelope);
    } catch (error) {
      log.error({ err: error, meetingId: seat.meetingId, type: envelope.event.type }, "A realtime event failed");
    }
  };
  const over = () => {
    clearTimeout(goodbye);
    watch.stop();
    seat.signal.removeEventListener("abort", onAbort);
    resolve({ askedFor, reason });
  };
  const leaveSoon = () => {
    goodbye ??= setTimeout(() => {
      watch.terminate();
      over();
    }, goodbyeMs);
  };
  const leave = () => {
    realtime.disconnect();
    leaveSoon();
  };
  const onAbort = () => {
    reason = "the agent was called back";
    leave();
  };

  const watch = watchSocket(realtime, {
    pulseMs,
    onSilence() {
      reason = "the connection gave no sign of life";
    },
    onProblem(told) {
      problem = told;
      reason = `${told.code || told.type}: ${told.message}`;
      tell({ time: new Date().toISOString(), source: "server", event: { type: "error", error: told } });
      leaveSoon();
    },
  });
  realtime.on("realtime.event", (envelope) => tell(envelope as RealtimeEvent));
  realtime.on("close", over);
  seat.signal.addEventListener("abort", onAbort, { once: true });

  return {
    closed,
    problem: () => problem,
    async close() {
      askedFor = true;
      leave();
      await closed;
    },
  };
}

/** Sends the session's settings and waits until they are taken, so that the first words are already transcribed. */
async function configure(realtime: RealtimeClient, seat: AgentSeat, link: HeldLink, joining: AbortSignal) {
  const taken = Promise.withResolvers<void>();
  realtime.on("realtime.event", (envelope) => {
    if (isTaken((envelope as RealtimeEvent).event)) taken.resolve();
  });
  if (!realtime.isConnected()) throw failure("provider_unavailable", "the connection ended at once");
  realtime.updateSession({
    instructions: instructionsOf(seat),
    voice: seat.voice,
    input_audio_transcription: { model: "whisper-1" },
    turn_detection: { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 },
  });
  const unconfirmed = setTimeout(taken.resolve, confirmMs);
  const lost = link.closed.then(({ reason }) => {
    const problem = link.problem();
    throw problem ? problemFailure(problem) : failure("provider_unavailable", reason);
  });
  try {
    await orAborted(Promise.race([taken.promise, lost]), joining);
  } finally {
    clearTimeout(unconfirmed);
  }
}

/** The SDK sends defaults of its own first, which ask for no transcription; their confirmation is not ours. */
function isTaken({ type, session }: RealtimeEvent["event"]): boolean {
  if (type !== "session.updated") return false;
  return JSON.stringify(session ?? null).includes('"whisper-1"');
}
