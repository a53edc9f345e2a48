import { pino } from "pino";
import type { AgentSeat, RealtimeEvent } from "#activities/clients/calls/call-provider.ts";
import { createStreamCalls } from "#activities/clients/calls/stream/stream.ts";
import type { StreamCallsOptions } from "#activities/clients/calls/stream/stream.ts";
import { readRealtime } from "#domain/realtime-events.ts";
import type { RealtimeNews } from "#domain/realtime-events.ts";
import { startFakeStream } from "#tests/fakes/stream.ts";
import type { FakeStreamOptions } from "#tests/fakes/stream.ts";

export interface SetUpOptions {
  fake?: FakeStreamOptions;
  calls?: Partial<StreamCallsOptions>;
}

/** Stream's stand-in, the real client against it, and what an agent of meeting `m1` hears. */
export async function setUpStream(options: SetUpOptions = {}) {
  const fake = await startFakeStream(options.fake);
  const { baseUrl, apiKey, apiSecret, openAiApiKey } = fake;
  const logged: { level: number; meetingId?: string; msg: string }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const calls = createStreamCalls({ baseUrl, apiKey, apiSecret, openAiApiKey, log, ...options.calls });
  const events: RealtimeEvent[] = [];

  return {
    fake,
    calls,
    call: fake.call("m1"),
    events,
    logged,
    /** What was heard, as the product reads it. */
    news: (): RealtimeNews[] => events.map(({ event }) => readRealtime(event)).filter((each) => each !== null),
    said: (): string[] =>
      events.flatMap(({ event }) => {
        const news = readRealtime(event);
        return news?.kind === "said" ? [`${news.speaker}: ${news.text}`] : [];
      }),
    join: async (seat: Partial<AgentSeat> = {}) =>
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
      }),
    [Symbol.asyncDispose]: fake.close,
  };
}
