import { expect, test, vi } from "vitest";
import { setUpStream } from "./stream-setup.ts";

test("a close that was asked for says so, and the agent is out of the call", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const link = await it.join();
  await link.close();
  expect(await link.closed).toMatchObject({ askedFor: true });
  await expect.poll(() => it.call.openLinks()).toEqual([]);
  await link.close();
});

test("an error in mid-call, which the SDK swallows, is told and is a loss", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const link = await it.join();
  const agent = await it.call.agent();
  it.call.say({ speaker: "user", text: "Before." });
  agent.sendError({
    type: "invalid_request_error",
    code: "response_cancel_not_active",
    message: "Cancellation failed: no active response found",
  });
  const { askedFor, reason } = await link.closed;
  expect(askedFor).toBe(false);
  expect(reason).toContain("response_cancel_not_active");
  expect(it.said()).toEqual(["user: Before."]);
  expect(it.news()).toContainEqual({
    kind: "problem",
    itemId: null,
    code: "response_cancel_not_active",
    message: "Cancellation failed: no active response found",
  });
});

test("a connection that is cut, and one that the provider closes, is a loss", async () => {
  for (const how of ["cut", "hangUp"] as const) {
    await using it = await setUpStream();
    await it.call.start();
    const link = await it.join();
    (await it.call.agent())[how]();
    expect(await link.closed).toMatchObject({ askedFor: false });
  }
});

test("a connection that died without a word is noticed", async () => {
  await using it = await setUpStream({ calls: { pulseMs: 100 } });
  await it.call.start();
  const link = await it.join();
  (await it.call.agent()).freeze();
  expect(await link.closed).toEqual({ askedFor: false, reason: "the connection gave no sign of life" });
});

test("a quiet call is not a dead one", async () => {
  await using it = await setUpStream({ calls: { pulseMs: 50 } });
  await it.call.start();
  const link = await it.join();
  const ended = vi.fn<() => void>();
  void link.closed.then(ended);
  await new Promise((resolve) => {
    setTimeout(resolve, 1000);
  });
  expect(ended).not.toHaveBeenCalled();
  it.call.say({ speaker: "agent", text: "Are you there?" });
  await expect.poll(() => it.said()).toEqual(["agent: Are you there?"]);
  await link.close();
});

test("the provider's limit of a session is a loss with its name", async () => {
  await using it = await setUpStream({ fake: { sessionLimitMs: 300 } });
  await it.call.start();
  const link = await it.join();
  const { askedFor, reason } = await link.closed;
  expect(askedFor).toBe(false);
  expect(reason).toContain("session_expired");
});

test("'end for all' sends the agent out, which is a loss as long as nobody asked this side", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const link = await it.join();
  await it.call.endForAll();
  expect(await link.closed).toMatchObject({ askedFor: false });
});

test("after a loss the agent joins again and hears the rest", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const first = await it.join();
  it.call.say({ speaker: "user", text: "One." });
  await expect.poll(() => it.said()).toHaveLength(1);
  (await it.call.agent()).cut();
  await first.closed;
  const second = await it.join({ soFar: [{ speaker: "user", text: "One." }] });
  await it.call.agent(2);
  it.call.say({ speaker: "user", text: "Two." });
  await expect.poll(() => it.said()).toEqual(["user: One.", "user: Two."]);
  await second.close();
});

test("a provider that never says goodbye does not hold up leaving", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const link = await it.join();
  (await it.call.agent()).freeze();
  await link.close();
  expect(await link.closed).toMatchObject({ askedFor: true });
});

test("an abort in the call takes the agent out, without anybody having closed the link", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const controller = new AbortController();
  const link = await it.join({ signal: controller.signal });
  controller.abort(new Error("worker shuts down"));
  expect(await link.closed).toEqual({ askedFor: false, reason: "the agent was called back" });
  await expect.poll(() => it.call.openLinks()).toEqual([]);
});
