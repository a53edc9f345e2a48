import { expect, test } from "vitest";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { OpenAiFault } from "#tests/fakes/openai.ts";
import { analystOf, failureOf, options, requestOf, small } from "./summary-requests.ts";
import { ordinaryTalk } from "./summary-sentences.ts";

test.for<{ fault: OpenAiFault; code: string; permanent: boolean }>([
  { fault: { kind: "unauthorized" }, code: "key_refused", permanent: true },
  { fault: { kind: "forbidden" }, code: "key_refused", permanent: true },
  { fault: { kind: "no_credit" }, code: "key_refused", permanent: true },
  { fault: { kind: "bad_request" }, code: "context_window", permanent: true },
  { fault: { kind: "refusal" }, code: "model_refused", permanent: true },
  { fault: { kind: "content_filter" }, code: "model_refused", permanent: true },
  { fault: { kind: "server_error" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "unavailable" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "rate_limited" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "reset" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "cut_off" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "hang" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "drip" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "invalid_json" }, code: "provider_answer", permanent: false },
  { fault: { kind: "wrong_schema" }, code: "provider_answer", permanent: false },
  { fault: { kind: "bad_content" }, code: "provider_answer", permanent: false },
  { fault: { kind: "huge" }, code: "provider_answer", permanent: false },
])("F9 $fault.kind ends as $code after one request, and the next try succeeds", async ({ fault, code, permanent }) => {
  await using fake = await startOpenAiFake();
  fake.failNext(fault);
  const analyst = analystOf(fake, { deadlineMs: fault.kind === "hang" || fault.kind === "drip" ? 1500 : 20_000 });
  const failed = await failureOf(analyst.analyse(small, options()));
  expect({ code: failed.type, permanent: failed.nonRetryable }).toEqual({ code, permanent });
  expect(failed.message).not.toContain(fake.apiKey);
  expect(fake.requests).toHaveLength(1);
  expect((await analyst.analyse(small, options())).result.bullets).toHaveLength(4);
});

test("F9 reading stops at 10 MB, with the limit named", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "huge" });
  expect((await failureOf(analystOf(fake).analyse(small, options()))).message).toContain("larger than 10 MB");
});

test("F9 a server that cannot be reached is unavailable", async () => {
  const fake = await startOpenAiFake();
  await fake.close();
  expect(await failureOf(analystOf(fake).analyse(small, options()))).toMatchObject({ type: "provider_unavailable" });
});

test("F9 a wait the service asks for is what the retry waits, up to ten minutes", async () => {
  await using fake = await startOpenAiFake();
  const delayAfter = async (retryAfter: string) => {
    fake.failNext({ kind: "rate_limited", retryAfter });
    return Number((await failureOf(analystOf(fake).analyse(small, options()))).nextRetryDelay);
  };
  const seven = await delayAfter("7");
  expect(seven).toBeGreaterThanOrEqual(7000);
  expect(seven).toBeLessThanOrEqual(7700);
  expect(await delayAfter("86400")).toBeLessThanOrEqual(660_000);
  const dated = await delayAfter(new Date(Date.now() + 60_000).toUTCString());
  expect(dated).toBeGreaterThan(30_000);
  expect(dated).toBeLessThan(70_000);
  expect(await delayAfter("soon")).toBeNaN();
});

test("one part that fails stops the others", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "server_error" });
  fake.failNext({ kind: "hang" }, 5);
  const failed = await failureOf(analystOf(fake, { partTokens: 200 }).analyse(requestOf(ordinaryTalk(60)), options()));
  expect(failed.type).toBe("provider_unavailable");
  expect(fake.requests.length).toBeLessThanOrEqual(3);
});

test("a retry pays only for the parts that have no answer yet, and tells the cost of all", async () => {
  await using fake = await startOpenAiFake();
  const request = requestOf(ordinaryTalk(300));
  const whole = await analystOf(fake, { partTokens: 2000 }).analyse(request, options());
  const asked = fake.requests.length;
  expect(asked).toBeGreaterThan(4);

  const analyst = analystOf(fake, { partTokens: 2000 });
  let answers = 0;
  fake.scriptChat(({ response_format }) => {
    answers += 1;
    const name = response_format?.type === "json_schema" && response_format.json_schema.name;
    if (answers === asked) return "cut off {";
    return name === "conversation_report"
      ? {
          overview: [],
          statements: [{ kind: "point", text: "A point", quote: null, segmentIds: ["s1"] }],
          actionItems: [],
        }
      : { overview: [], keptIds: [] };
  });
  expect((await failureOf(analyst.analyse(request, options()))).type).toBe("provider_answer");
  expect(fake.requests).toHaveLength(2 * asked);
  const { costCents } = await analyst.analyse(request, options());
  expect(fake.requests).toHaveLength(2 * asked + 1);
  expect(costCents).toBeGreaterThan(whole.costCents / 2);
  await analyst.analyse(request, options());
  expect(fake.requests).toHaveLength(3 * asked + 1);
});

test("an abort ends a hanging request with its reason", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "hang" });
  const controller = new AbortController();
  const reading = analystOf(fake).analyse(small, options({ signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("enough")), 200);
  await expect(reading).rejects.toThrow("enough");
});

test("F9 an answer cut off at the model's limit twice is none, and the next try succeeds", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "too_many_tokens" }, 2);
  const analyst = analystOf(fake);
  const failed = await failureOf(analyst.analyse(small, options()));
  expect(failed).toMatchObject({ type: "provider_answer", nonRetryable: false });
  expect(fake.requests.map(({ chat }) => chat?.max_tokens)).toEqual([undefined, 4_096]);
  expect((await analyst.analyse(small, options())).result.bullets).toHaveLength(4);
});
