import { expect, test } from "vitest";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { OpenAiFault } from "#tests/fakes/openai.ts";
import { failureOf } from "./summary-requests.ts";
import { ordinaryTalk } from "./summary-sentences.ts";
import { coveredIn, incomeTalk, meetingOf, money, planReaderOf, readingOf } from "./plan-requests.ts";

const request = meetingOf(incomeTalk, money);

test.for<{ fault: OpenAiFault; code: string; permanent: boolean }>([
  { fault: { kind: "unauthorized" }, code: "key_refused", permanent: true },
  { fault: { kind: "no_credit" }, code: "key_refused", permanent: true },
  { fault: { kind: "bad_request" }, code: "context_window", permanent: true },
  { fault: { kind: "refusal" }, code: "model_refused", permanent: true },
  { fault: { kind: "server_error" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "rate_limited" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "cut_off" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "hang" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "drip" }, code: "provider_unavailable", permanent: false },
  { fault: { kind: "invalid_json" }, code: "provider_answer", permanent: false },
  { fault: { kind: "wrong_schema" }, code: "provider_answer", permanent: false },
  { fault: { kind: "bad_content" }, code: "provider_answer", permanent: false },
  { fault: { kind: "huge" }, code: "provider_answer", permanent: false },
])(
  "weak point 17: $fault.kind ends as $code after one request, and the next try succeeds",
  async ({ fault, code, permanent }) => {
    await using fake = await startOpenAiFake();
    fake.failNext(fault);
    const reader = planReaderOf(fake, { deadlineMs: fault.kind === "hang" || fault.kind === "drip" ? 1500 : 20_000 });
    const failed = await failureOf(readingOf(reader, request));
    expect({ code: failed.type, permanent: failed.nonRetryable }).toEqual({ code, permanent });
    expect(failed.message).not.toContain(fake.apiKey);
    expect(fake.requests).toHaveLength(1);
    expect(coveredIn((await readingOf(reader, request)).updatedProgress)).toEqual([
      "Monthly income",
      "Outstanding debts",
    ]);
  },
);

const silent = { goals: [], summary: [], reminders: [] };

test.for([
  ["no content", ""],
  ["an empty object", {}],
  ["no summary", silent],
  ["a summary of blanks", { ...silent, summary: [{ text: "  ", segmentIds: ["s2"] }] }],
  ["the words of a failure as text", "Summary generation failed"],
  ["goals of another form", { ...silent, goals: [{ id: 7 }], summary: [{ text: "Fine.", segmentIds: [] }] }],
] as const)("A-65 weak point 16: %s is an error to try again, never a summary", async ([, answer]) => {
  await using fake = await startOpenAiFake();
  const reader = planReaderOf(fake);
  fake.scriptChat(() => answer);
  expect(await failureOf(readingOf(reader, request))).toMatchObject({ type: "provider_answer", nonRetryable: false });
  fake.scriptChat(null);
  expect((await readingOf(reader, request)).progressSummary).toContain("two thousand eight hundred euros");
  expect(fake.requests).toHaveLength(2);
});

test("A-65 weak point 16: parts that all say nothing are asked anew by the next try", async () => {
  await using fake = await startOpenAiFake();
  const reader = planReaderOf(fake, { partTokens: 300 });
  const meeting = meetingOf(
    ordinaryTalk(40).map((text) => `U: ${text}`),
    money,
  );
  fake.scriptChat(() => silent);
  expect(await failureOf(readingOf(reader, meeting))).toMatchObject({ type: "provider_answer", nonRetryable: false });
  const asked = fake.requests.length;
  expect(asked).toBeGreaterThan(2);
  fake.scriptChat(null);
  expect((await readingOf(reader, meeting)).progressSummary).not.toBe("");
  expect(fake.requests).toHaveLength(2 * asked + 1);
});

test("a wait the service asks for is what the retry waits", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "rate_limited", retryAfter: "7" });
  const { nextRetryDelay } = await failureOf(readingOf(planReaderOf(fake), request));
  expect(Number(nextRetryDelay)).toBeGreaterThanOrEqual(7000);
  expect(Number(nextRetryDelay)).toBeLessThanOrEqual(7700);
});

test("one part that fails stops the others, and the retry pays only for what has no answer yet", async () => {
  await using fake = await startOpenAiFake();
  const meeting = meetingOf(
    ordinaryTalk(120).map((text) => `U: ${text}`),
    money,
  );
  const reader = planReaderOf(fake, { partTokens: 1500 });
  await readingOf(planReaderOf(fake, { partTokens: 1500 }), meeting);
  const whole = fake.requests.length;
  expect(whole).toBeGreaterThan(3);

  fake.scriptChat(({ messages }) => (messages[1]?.content.includes("BEGIN STATEMENTS") ? "cut off {" : sayingLittle));
  expect((await failureOf(readingOf(reader, meeting))).type).toBe("provider_answer");
  expect(fake.requests).toHaveLength(2 * whole);
  fake.scriptChat(null);
  await readingOf(reader, meeting);
  expect(fake.requests).toHaveLength(2 * whole + 1);

  fake.failNext({ kind: "server_error" });
  fake.failNext({ kind: "hang" }, 5);
  expect((await failureOf(readingOf(reader, meeting))).type).toBe("provider_unavailable");
  expect(fake.requests.length).toBeLessThanOrEqual(2 * whole + 4);
});

const sayingLittle = { goals: [], summary: [{ text: "They talked.", segmentIds: ["s1"] }], reminders: [] };

test("an abort ends a hanging request with its reason", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "hang" });
  const controller = new AbortController();
  const reading = readingOf(planReaderOf(fake), request, { signal: controller.signal });
  setTimeout(() => controller.abort(new Error("enough")), 200);
  await expect(reading).rejects.toThrow("enough");
});
