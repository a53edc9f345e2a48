import type { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import type { BotFault } from "#tests/fakes/bot-faults.ts";
import { account, failureOf, order, signal } from "./attendee-setup.ts";

const refusals: [string, BotFault, Partial<ApplicationFailure>][] = [
  ["an unknown key", { kind: "status", status: 401 }, { type: "bot_key_refused", nonRetryable: true }],
  ["a key without rights", { kind: "status", status: 403 }, { type: "bot_key_refused", nonRetryable: true }],
  [
    "an account without credits",
    { kind: "status", status: 400, body: { error: "Organization has run out of credits. Please add more." } },
    { type: "bot_refused", nonRetryable: true },
  ],
  [
    "a problem of its own, told as a refusal",
    { kind: "status", status: 400, body: { error: "An error occurred while creating the bot. Error ID: 1" } },
    { type: "bot_provider_unavailable", nonRetryable: false },
  ],
  [
    "a wrong address",
    { kind: "status", status: 404, body: {} },
    { type: "bot_provider_unavailable", nonRetryable: false },
  ],
  ["an outage", { kind: "status", status: 502 }, { type: "bot_provider_unavailable", nonRetryable: false }],
  ["a cut connection", { kind: "reset" }, { type: "bot_provider_unavailable", nonRetryable: false }],
  ["silence", { kind: "hang" }, { type: "bot_provider_unavailable", nonRetryable: false }],
  ["a page of something between", { kind: "garbage" }, { type: "bot_provider_unavailable", nonRetryable: false }],
  ["an answer without end", { kind: "huge" }, { type: "bot_provider_unavailable", nonRetryable: false }],
  [
    "an answer of another shape",
    { kind: "status", status: 201, body: { id: 7 } },
    { type: "bot_provider_unavailable", nonRetryable: false },
  ],
];

test.for(refusals)("%s is told by its code", async ([, fault, expected]) => {
  await using it = await account({}, 500);
  it.fake.failNext(fault);
  expect(await failureOf(it.attendee.create(order, signal))).toMatchObject(expected);
  it.fake.failNext(fault);
  expect((await failureOf(it.attendee.status("bot_1", signal))).type).toBe(expected.type);
});

test("B-89 a limit names when to come back, where Attendee says it", async () => {
  await using it = await account({ concurrentLimit: 1 });
  await it.bot();
  const full = await failureOf(it.attendee.create({ ...order, key: "another" }, signal));
  expect(full).toMatchObject({ type: "bot_limit", nonRetryable: false });
  expect(full.message).toContain("maximum number of concurrent bots (1)");
  it.fake.failNext({ kind: "status", status: 429, retryAfter: "38" });
  const throttled = await failureOf(it.attendee.create(order, signal));
  expect(throttled).toMatchObject({ type: "bot_limit", nonRetryable: false });
  expect(Number(throttled.nextRetryDelay)).toBeGreaterThanOrEqual(38_000);
  expect(Number(throttled.nextRetryDelay)).toBeLessThanOrEqual(41_800);
});

test("what a provider says of a refusal is shown without what could act", async () => {
  await using it = await account();
  const invalid = await failureOf(it.attendee.create({ ...order, meetingUrl: "https://example.org/" }, signal));
  expect(invalid).toMatchObject({ type: "bot_refused", nonRetryable: true });
  expect(invalid.message).toContain("Attendee 400: meeting_url: Invalid meeting URL");
  const body = { error: `<img src=x onerror=1>[link](javascript:alert(1))\u202e${"x".repeat(5000)}` };
  it.fake.failNext({ kind: "status", status: 400, body });
  const { message } = await failureOf(it.attendee.create(order, signal));
  expect(message).not.toMatch(/<img|\]\(|javascript:|\u202e/);
  expect(message.length).toBeLessThan(500);
});

test("an end from our side is no failure of Attendee's", async () => {
  await using it = await account();
  const stop = new AbortController();
  it.fake.failNext({ kind: "hang" });
  const asked = it.attendee.status("bot_1", stop.signal);
  await expect.poll(() => it.fake.requests).toHaveLength(1);
  stop.abort(new Error("cancelled"));
  await expect(asked).rejects.toThrow("cancelled");
});
