import { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import type { AgentSeat } from "#activities/clients/calls/call-provider.ts";
import type { StreamFault } from "#tests/fakes/stream.ts";
import { setUpStream } from "./stream-setup.ts";
import type { SetUpOptions } from "./stream-setup.ts";

interface Case extends SetUpOptions {
  on?: "api" | "agent";
  fault?: StreamFault;
  seat?: Partial<AgentSeat>;
  code: string;
  says?: string;
}

const cases: Record<string, Case> = {
  "a wrong OpenAI key": { calls: { openAiApiKey: "sk-wrong" }, code: "key_refused", says: "invalid_api_key" },
  "a wrong API secret": { calls: { apiSecret: "other" }, code: "key_refused", says: "STREAM_API_SECRET" },
  "a wrong API key": { calls: { apiKey: "other" }, code: "key_refused", says: "STREAM_API_KEY" },
  "401 on joining": {
    on: "agent",
    fault: { kind: "status", status: 401 },
    code: "key_refused",
    says: "STREAM_API_KEY",
  },
  "an account without credit": {
    on: "agent",
    fault: {
      kind: "error",
      error: { code: "42", message: "Error: You exceeded your current quota code insufficient_quota" },
    },
    code: "key_refused",
  },
  "a voice that does not exist": {
    seat: { voice: "robot" },
    code: "model_refused",
    says: "session.audio.output.voice",
  },
  "a model that does not exist": {
    on: "agent",
    fault: {
      kind: "error",
      error: { type: "invalid_request_error", code: "model_not_found", message: "No such model" },
    },
    code: "model_refused",
  },
  "Stream's own error without words": {
    on: "agent",
    fault: { kind: "error", error: { code: "42", message: "Error:  code " } },
    code: "provider_unavailable",
    says: "42",
  },
  "500 of the API": { on: "api", fault: { kind: "status", status: 500 }, code: "provider_unavailable", says: "500" },
  "503 on joining": { on: "agent", fault: { kind: "status", status: 503 }, code: "provider_unavailable", says: "503" },
  "a reset of the API": { on: "api", fault: { kind: "reset" }, code: "provider_unavailable" },
  "a reset on joining": { on: "agent", fault: { kind: "reset" }, code: "provider_unavailable" },
  "an API that hangs": { on: "api", fault: { kind: "hang" }, calls: { connectMs: 300 }, code: "provider_unavailable" },
  "joining that hangs": {
    on: "agent",
    fault: { kind: "hang" },
    calls: { connectMs: 300 },
    code: "provider_unavailable",
    says: "300 ms",
  },
  "a connection that says nothing": {
    on: "agent",
    fault: { kind: "mute" },
    calls: { connectMs: 300 },
    code: "provider_unavailable",
  },
  "a host that is not there": { calls: { baseUrl: "http://127.0.0.1:1" }, code: "provider_unavailable" },
};

test.each(Object.entries(cases))("%s is told as what it is", async (_name, options) => {
  const { on, fault, seat, code, says = "" } = options;
  await using it = await setUpStream(options);
  await it.call.start();
  if (on && fault) it.fake.failNext(on, fault);
  const error = await it.join(seat).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApplicationFailure);
  const { type, nonRetryable, message } = error as ApplicationFailure;
  expect({ type, nonRetryable }).toEqual({ type: code, nonRetryable: code !== "provider_unavailable" });
  expect(message).toContain(says);
  expect(message).not.toMatch(/sk-wr|127\.0\.0\.1|stream-secret/);
  await expect.poll(() => it.call.openLinks()).toEqual([]);
});

test("a limit of requests is waited out as long as told", async () => {
  await using it = await setUpStream();
  await it.call.start();
  it.fake.failNext("api", { kind: "status", status: 429, retryAfter: "7" });
  const error = (await it.join().catch((caught: unknown) => caught)) as ApplicationFailure;
  expect(error.type).toBe("provider_unavailable");
  expect(Number(error.nextRetryDelay)).toBeGreaterThanOrEqual(7000);
  expect(Number(error.nextRetryDelay)).toBeLessThanOrEqual(7700);
});

test("an agent that gets in after the deadline is sent out again", async () => {
  await using it = await setUpStream({ calls: { connectMs: 200 } });
  await it.call.start();
  it.fake.failNext("agent", { kind: "slow", ms: 600 });
  await expect(it.join()).rejects.toMatchObject({ type: "provider_unavailable" });
  await expect.poll(() => it.call.links).toHaveLength(1);
  await expect.poll(() => it.call.openLinks()).toEqual([]);
  expect(it.events).toEqual([]);
});

test("an abort before and in the middle of joining is passed on as its reason", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const reason = new Error("called back");
  await expect(it.join({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(it.fake.requests).toEqual([]);

  for (const [on, kind] of [
    ["api", "hang"],
    ["agent", "hang"],
    ["agent", "mute"],
  ] as const) {
    it.fake.failNext(on, { kind });
    const controller = new AbortController();
    const joining = it.join({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(joining).rejects.toBe(reason);
  }
});
