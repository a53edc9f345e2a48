import { pino } from "pino";
import { expect, test, vi } from "vitest";
import type { BotProvider } from "#activities/clients/bots/bot-provider.ts";
import { withCircuit } from "#activities/clients/bots/with-circuit.ts";
import { failure } from "#activities/clients/child.ts";

const log = pino({ level: "silent" });
const never = new AbortController().signal;

/** A provider whose next answers are scripted; the number of questions that reached it. */
function scripted(restMs: number) {
  const state = { asked: 0, fails: null as Parameters<typeof failure>[0] | null };
  const find: BotProvider["find"] = async () => {
    state.asked += 1;
    if (state.fails !== null) throw failure(state.fails, "502");
    return null;
  };
  const provider = { id: "attendee", baseUrl: "", find } as BotProvider;
  const guarded = withCircuit(provider, { log, failures: 3, restMs });
  return { state, ask: () => guarded.find("key", never) };
}

test("B-66 a provider that does not answer is left alone, and each question fails at once and may be asked later", async () => {
  const { state, ask } = scripted(60_000);
  state.fails = "bot_provider_unavailable";
  for (let i = 0; i < 3; i += 1) await expect(ask()).rejects.toThrow(/502/);
  const refused = await ask().catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: "bot_provider_unavailable", nonRetryable: false });
  expect((refused as { nextRetryDelay: number }).nextRetryDelay).toBeGreaterThanOrEqual(60_000);
  expect(state.asked).toBe(3);
});

test("after its rest it is asked once, and by everybody when it answers", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const { state, ask } = scripted(1_000);
    state.fails = "bot_provider_unavailable";
    for (let i = 0; i < 3; i += 1) await ask().catch(() => undefined);
    vi.advanceTimersByTime(1_001);
    await expect(ask()).rejects.toThrow(/502/);
    await expect(ask()).rejects.toThrow(/asked again/);
    expect(state.asked).toBe(4);
    state.fails = null;
    vi.advanceTimersByTime(1_001);
    expect(await ask()).toBeNull();
    expect(await Promise.all([ask(), ask()])).toEqual([null, null]);
  } finally {
    vi.useRealTimers();
  }
});

test("what a provider refuses is an answer, and opens nothing", async () => {
  const { state, ask } = scripted(60_000);
  state.fails = "bot_limit";
  for (let i = 0; i < 10; i += 1) await expect(ask()).rejects.toThrow(/502/);
  expect(state.asked).toBe(10);
});
