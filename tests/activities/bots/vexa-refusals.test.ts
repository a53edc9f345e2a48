import type { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import type { BotFault } from "#tests/fakes/bot-faults.ts";
import { failureOf, signal } from "./attendee-setup.ts";
import { order, vexaAccount } from "./vexa-setup.ts";

const status = (code: number, detail: unknown = "Not now"): BotFault => ({
  kind: "status",
  status: code,
  body: { detail },
});
const keyRefused = { type: "bot_key_refused", nonRetryable: true };
const refused = { type: "bot_refused", nonRetryable: true };
const full = { type: "bot_limit", nonRetryable: false };
const unavailable = { type: "bot_provider_unavailable", nonRetryable: false };

const refusals: [string, BotFault, Partial<ApplicationFailure>][] = [
  ["an unknown key", status(401, "Invalid API key"), keyRefused],
  ["a key without the scope", status(403, "Token scope not authorized for this endpoint"), keyRefused],
  ["a limit that is told as 403", status(403, "Maximum concurrent bots reached"), full],
  ["a service that is not allowed", status(403, { code: "service_not_allowed", reason: "balance" }), refused],
  ["a bad order", status(422, [{ loc: ["body", "platform"], msg: "bad" }]), refused],
  ["too many bots at the same time", status(429, "Bot concurrency limit reached"), full],
  ["a workload that does not start", status(502, "Failed to start bot workload"), unavailable],
  ["an overload", status(503, "try later"), unavailable],
  ["a wrong address", { kind: "status", status: 404, body: [] }, unavailable],
  ["a cut connection", { kind: "reset" }, unavailable],
  ["silence", { kind: "hang" }, unavailable],
  ["a page of something between", { kind: "garbage" }, unavailable],
  ["an answer without end", { kind: "huge" }, unavailable],
  ["an answer of another shape", { kind: "status", status: 201, body: { id: [] } }, unavailable],
];

test.for(refusals)("%s is told by its code", async ([, fault, expected]) => {
  await using it = await vexaAccount({}, 500);
  it.fake.failNext(fault, 1, "create");
  expect(await failureOf(it.vexa.create(order, signal))).toMatchObject(expected);
  it.fake.failNext(fault);
  expect((await failureOf(it.vexa.status("1", signal))).type).toBe(expected.type);
});

test("a refused key names its variable, and a limit is waited for as Vexa says", async () => {
  await using it = await vexaAccount();
  it.fake.failNext(status(401));
  expect((await failureOf(it.vexa.find(order.key, signal))).message).toContain("VEXA_API_KEY");
  it.fake.failNext({ kind: "status", status: 429, retryAfter: "7" }, 1, "create");
  const throttled = await failureOf(it.vexa.create(order, signal));
  expect(Number(throttled.nextRetryDelay)).toBeGreaterThanOrEqual(7_000);
});
