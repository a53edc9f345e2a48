import type { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import type { BotFault } from "#tests/fakes/bot-faults.ts";
import { failureOf, order, signal } from "./attendee-setup.ts";
import { recallAccount } from "./recall-setup.ts";

const status = (code: number, body: object = {}): BotFault => ({ kind: "status", status: code, body });
const keyRefused = { type: "bot_key_refused", nonRetryable: true };
const refused = { type: "bot_refused", nonRetryable: true };
const notReady = { type: "bot_not_ready", nonRetryable: false };
const unavailable = { type: "bot_provider_unavailable", nonRetryable: false };

const refusals: [string, BotFault, Partial<ApplicationFailure>][] = [
  ["an unknown key", status(401, { detail: "Invalid API token." }), keyRefused],
  ["a workspace without credit", status(402, { detail: "Insufficient credit balance" }), refused],
  ["a request that a firewall stopped", status(403, { detail: "Request Blocked" }), refused],
  ["a bad order", status(400, { meeting_url: ["Could not parse the meeting URL."] }), refused],
  ["a creation that is under way", status(409, { detail: "Conflict" }), notReady],
  ["an overload", status(503), unavailable],
  ["a wrong address", status(404), unavailable],
  ["a cut connection", { kind: "reset" }, unavailable],
  ["silence", { kind: "hang" }, unavailable],
  ["a page of something between", { kind: "garbage" }, unavailable],
  ["an answer without end", { kind: "huge" }, unavailable],
  ["an answer of another shape", status(201, { id: 7 }), unavailable],
];

test.for(refusals)("%s is told by its code", async ([, fault, expected]) => {
  await using it = await recallAccount({}, 500);
  it.fake.failNext(fault);
  expect(await failureOf(it.recall.create(order, signal))).toMatchObject(expected);
  it.fake.failNext(fault);
  expect((await failureOf(it.recall.status("1", signal))).type).toBe(expected.type);
});

test("a refused key names its variable and the region's", async () => {
  await using it = await recallAccount();
  it.fake.failNext(status(401));
  const { message } = await failureOf(it.recall.find(order.key, signal));
  expect(message).toContain("RECALL_API_KEY");
  expect(message).toContain("RECALL_BASE_URL");
});

test("a limit is waited for as Recall says, half a minute for its pool where it says nothing", async () => {
  await using it = await recallAccount();
  it.fake.failNext({ kind: "status", status: 429, retryAfter: "7" });
  const throttled = await failureOf(it.recall.create(order, signal));
  expect(throttled).toMatchObject({ type: "bot_limit", nonRetryable: false });
  expect(Number(throttled.nextRetryDelay)).toBeGreaterThanOrEqual(7_000);
  expect(Number(throttled.nextRetryDelay)).toBeLessThanOrEqual(7_700);
  it.fake.failNext(status(507));
  const empty = await failureOf(it.recall.create(order, signal));
  expect(Number(empty.nextRetryDelay)).toBeGreaterThanOrEqual(30_000);
});

test("a transcript that cannot be read, or lies where nobody may fetch, is a failure and no crash", async () => {
  await using it = await recallAccount({ stepMs: 1 });
  const bot = await it.bot();
  const told = (url: string) => {
    const transcript = { data: { download_url: url } };
    const recordings = [{ media_shortcuts: { transcript } }];
    it.fake.failNext({ kind: "status", status: 200, body: { id: bot.id, recordings } });
    return failureOf(it.recall.utterances(bot.id, signal));
  };
  const offered = (text: string) =>
    it.fake.linkTo("t.json", { type: "application/json", read: async () => Buffer.from(text) });
  expect((await told(offered("<html>"))).type).toBe("bot_provider_unavailable");
  expect((await told(offered('[{"words": 7}]'))).type).toBe("bot_provider_unavailable");
  expect((await told("https://169.254.169.254/latest")).type).toBe("media_missing");
  expect((await told("http://example.org/t.json")).type).toBe("media_missing");
});
