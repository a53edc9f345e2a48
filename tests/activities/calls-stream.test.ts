import { pino } from "pino";
import { expect, test } from "vitest";
import type { AgentSeat, RealtimeEvent } from "#activities/clients/calls/call-provider.ts";
import { createStreamCalls } from "#activities/clients/calls/stream.ts";
import type { StreamCallsOptions } from "#activities/clients/calls/stream.ts";
import { readRealtime } from "#domain/realtime.ts";
import type { RealtimeNews } from "#domain/realtime.ts";
import { startFakeStream } from "#tests/fakes/stream.ts";
import type { FakeStreamOptions } from "#tests/fakes/stream.ts";

test("A-40, A-41, A-42, A-43: the agent joins with the session the reference design asks for", async () => {
  await using it = await setUp();
  await it.fake.call("m1").start();
  const link = await it.join({ meetingId: "m1", instructions: "Coach for a job interview.", voice: "verse" });
  const agent = await it.fake.call("m1").agent();
  expect(agent.lastUpdate()).toMatchObject({
    type: "realtime",
    instructions: "Coach for a job interview.",
    audio: {
      input: {
        transcription: { model: "whisper-1" },
        turn_detection: { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 },
      },
      output: { voice: "verse" },
    },
  });
  expect(agent.refusedUpdates()).toBe(0);
  expect(agent.agentId).toBe("agent-1");
  expect(it.fake.users.get("agent-1")).toEqual({ id: "agent-1", name: "Ada" });
  await link.close();
});

async function setUp(options: { fake?: FakeStreamOptions; calls?: Partial<StreamCallsOptions> } = {}) {
  const fake = await startFakeStream(options.fake);
  const { baseUrl, apiKey, apiSecret, openAiApiKey } = fake;
  const log = pino({ level: "silent" });
  const calls = createStreamCalls({ baseUrl, apiKey, apiSecret, openAiApiKey, log, ...options.calls });
  const events: RealtimeEvent[] = [];
  const news = (): RealtimeNews[] => events.map(({ event }) => readRealtime(event)).filter((each) => each !== null);
  const join = async (seat: Partial<AgentSeat> = {}) =>
    calls.connectAgent({
      meetingId: "m1",
      agentId: "agent-1",
      agentName: "Ada",
      instructions: "Be helpful.",
      voice: "alloy",
      goals: [],
      soFar: [],
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      ...seat,
    });
  return { fake, calls, events, news, join, [Symbol.asyncDispose]: fake.close };
}
