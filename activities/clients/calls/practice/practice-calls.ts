import type { Logger } from "pino";
import type { PrismaClient } from "#records/db.ts";
import { roomSession } from "#records/meetings/practice-rooms.ts";
import { failure } from "../../child.ts";
import type { SpeechWeights } from "../../speech/weights.ts";
import type { CallProvider } from "../call-provider.ts";
import { connectRoom } from "./connect-room.ts";
import { createRecognizer } from "./recognizer.ts";
import { holdLink } from "./agent-session.ts";
import { createLlmResponder } from "./llm-responder.ts";
import type { LlmModel } from "./llm-responder.ts";
import { createScriptedResponder } from "./scripted-responder.ts";

export interface PracticeCallsOptions {
  prisma: PrismaClient;
  /** The embedded recogniser's files, asked for with the first call; where they cannot be had, people type. */
  weights: () => Promise<SpeechWeights>;
  /** Left out, the agent walks through its questions without a language model. */
  model?: LlmModel | undefined;
  log: Logger;
  /** Within this the agent is in the room, or the attempt has failed. */
  connectMs?: number;
}

/** Calls carried by our own practice room, where this process is the agent. */
export function createPracticeCalls(options: PracticeCallsOptions): CallProvider & { close(): Promise<void> } {
  const { prisma, weights, model, log, connectMs = 15_000 } = options;
  const recognizer = createRecognizer({ weights, log });

  return {
    id: "practice",
    async connectAgent(seat) {
      seat.signal.throwIfAborted();
      const deadline = AbortSignal.timeout(connectMs);
      const joining = AbortSignal.any([seat.signal, deadline]);
      const socket = await connectRoom(prisma, seat.meetingId, joining).catch((error: unknown) => {
        seat.signal.throwIfAborted();
        if (!deadline.aborted) throw error;
        throw failure("provider_unavailable", `the practice room could not be reached in ${connectMs} ms`);
      });
      const walk = createScriptedResponder(seat);
      const responder = model
        ? createLlmResponder({ ...model, instructions: seat.instructions, otherwise: walk, log })
        : walk;
      const { joined, ...link } = holdLink(socket, seat, { responder, recognizer, log });
      await joined;
      return link;
    },
    async callState(meetingId, signal) {
      signal.throwIfAborted();
      const session = await roomSession(prisma, meetingId);
      return session && [session];
    },
    /** The room asks with every heartbeat whether its meeting goes on. */
    async endCall() {},
    /** Ends the recogniser's process. */
    close: () => recognizer.close(),
  };
}
