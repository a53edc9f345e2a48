import { pino } from "pino";
import type { AgentSeat, RealtimeEvent } from "#activities/clients/calls/call-provider.ts";
import { createPracticeCalls } from "#activities/clients/calls/practice/practice-calls.ts";
import type { PracticeCallsOptions } from "#activities/clients/calls/practice/practice-calls.ts";
import { newId } from "#records/ids.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

/** The provider without speech weights, unless a test brings some: typed turns need none. */
export function practiceCalls({ prisma }: Pick<TestDatabase, "prisma">, options: Partial<PracticeCallsOptions> = {}) {
  const calls = createPracticeCalls({
    prisma,
    weights: () => Promise.reject(new Error("No speech model here.")),
    // A second one mostly spins where other tests want the processor.
    log: pino({ level: "silent" }),
    ...options,
  });
  return { ...calls, [Symbol.asyncDispose]: calls.close };
}

/** An agent's seat, with everything it is told of. */
export function practiceSeat(meetingId: string, seat: Partial<AgentSeat> = {}) {
  const heard: RealtimeEvent[] = [];
  const leaving = new AbortController();
  const whole: AgentSeat = {
    meetingId,
    agentId: newId(),
    agentName: "Ada",
    instructions: "Be kind.",
    voice: "alloy",
    goals: ["Agree on a date", "Choose a place"],
    soFar: [],
    signal: leaving.signal,
    onEvent: (event) => heard.push(event),
    ...seat,
  };
  const said = (type: string) =>
    heard.flatMap(({ event }) => (event.type === type ? [String(event["transcript"])] : []));
  return {
    ...whole,
    heard,
    leaving,
    types: () => heard.map(({ event }) => event.type),
    /** What the agent said, whole utterances. */
    replies: () => said("response.output_audio_transcript.done"),
    /** What people said. */
    turns: () => said("conversation.item.input_audio_transcription.completed"),
  };
}
