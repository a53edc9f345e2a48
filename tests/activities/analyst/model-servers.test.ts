import { expect, test } from "vitest";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import { thoughts } from "#tests/fakes/openai-reasoning.ts";
import { analystOf, failureOf, options, requestOf, small } from "./summary-requests.ts";
import { ordinaryTalk } from "./summary-sentences.ts";
import { meetingOf, money, planReaderOf, readingOf } from "./plan-requests.ts";

/** Which lines of the transcript a result rests on. */
const placesOf = (bullets: { segmentIds: string[] }[]) =>
  bullets.flatMap(({ segmentIds }) => segmentIds.map((id) => Number(id.slice("segment-".length))));

test.for(["llama.cpp", "ollama", "lm-studio", "vllm", "koboldcpp"] as const)(
  "case 06: a long talk is read whole by %s with a window of 4,096 tokens, and the next one without a refusal",
  async (kind) => {
    await using fake = await startOpenAiFake({ kind, window: 4_096 });
    const analyst = analystOf(fake);
    const request = requestOf(ordinaryTalk(1500));
    const { result } = await analyst.analyse(request, options());
    expect(result.text).not.toBe("");
    const prompts = () =>
      fake.requests.map(({ chat }) => (chat?.messages ?? []).map(({ content }) => content).join(""));
    const fits = (prompt: string) => prompt.length / 4 <= 4_096;
    const read = prompts().filter(fits).join();
    expect(request.segments.filter(({ text }) => !read.includes(JSON.stringify(text)))).toEqual([]);
    const asked = prompts().length;
    await analyst.analyse(request, options());
    expect(
      prompts()
        .slice(asked)
        .filter((prompt) => !fits(prompt)),
    ).toEqual([]);
  },
);

test("case 06: a plan is read with a small window too", async () => {
  await using fake = await startOpenAiFake({ kind: "vllm", window: 4_096 });
  const talk = ordinaryTalk(900).map((text) => `U: ${text}`);
  const reading = await readingOf(planReaderOf(fake), meetingOf(talk, money));
  expect(reading.progressSummary).not.toBe("");
  const refused = fake.requests.length;
  await readingOf(planReaderOf(fake, { contextTokens: 4_096 }), meetingOf(talk, money));
  expect(fake.requests.length - refused).toBeLessThan(refused);
});

test("case 06: an answer that is empty, or cut off, for want of room is asked for in smaller parts", async () => {
  await using fake = await startOpenAiFake();
  const answer = { overview: [{ text: "All was said.", segmentIds: ["s1"] }], statements: [], actionItems: [] };
  fake.scriptChat(({ messages }) => ((messages[1]?.content.length ?? 0) > 12_000 ? "" : answer));
  const { result } = await analystOf(fake).analyse(requestOf(ordinaryTalk(300)), options());
  expect(result.text).toBe("All was said.");
});

test("case 06: one utterance larger than the window is read in pieces that count as one", async () => {
  await using fake = await startOpenAiFake({ kind: "llama.cpp", window: 2_048 });
  const request = requestOf([ordinaryTalk(400).join(" "), "That is all."]);
  const { result } = await analystOf(fake).analyse(request, options());
  expect(new Set(placesOf(result.bullets))).toEqual(new Set([0, 1]));
});

test("case 06: a window too small for anything is named, with the server's own words and its address", async () => {
  await using fake = await startOpenAiFake({ kind: "llama.cpp", window: 256 });
  const failed = await failureOf(analystOf(fake).analyse(requestOf(ordinaryTalk(100)), options()));
  expect(failed).toMatchObject({ type: "context_window", nonRetryable: true });
  expect(failed.message).toContain(`language service at ${fake.baseUrl}, model gpt-4o-mini`);
  expect(failed.message).toContain("context size (256 tokens)");
});

test("a window that is set is never tried beyond", async () => {
  await using fake = await startOpenAiFake({ kind: "ollama", window: 4_096 });
  await analystOf(fake, { contextTokens: 4_096 }).analyse(requestOf(ordinaryTalk(600)), options());
  for (const { chat } of fake.requests)
    expect((chat?.messages ?? []).map(({ content }) => content).join("").length / 4).toBeLessThan(4_096);
});

test.for(["before", "untold", "field"] as const)(
  "case 08: thoughts %s the answer are passed over in one request",
  async (thinks) => {
    await using fake = await startOpenAiFake({ kind: "vllm", thinks });
    const { result } = await analystOf(fake).analyse(small, options());
    expect(result.bullets).toHaveLength(4);
    expect(JSON.stringify(result)).not.toContain(thoughts.slice(0, 20));
    expect(fake.requests).toHaveLength(1);
  },
);

test("an answer that a server took for thoughts, and left no other, is read all the same", async () => {
  await using fake = await startOpenAiFake();
  fake.scriptChat(() => "");
  const failed = await failureOf(analystOf(fake).analyse(small, options()));
  expect(failed).toMatchObject({ type: "provider_answer", nonRetryable: false });
  await using vllm = await startOpenAiFake({ kind: "vllm", thinks: "field" });
  vllm.scriptChat(() => "");
  expect((await failureOf(analystOf(vllm).analyse(small, options()))).type).toBe("provider_answer");
});

test.for([
  ["lm-studio", ["json_schema", "json_object", undefined]],
  ["llama.cpp", ["json_schema", "json_object"]],
] as const)(
  "case 11: %s is asked for JSON in the form that it takes, and from then on in that alone",
  async ([kind, asked]) => {
    await using fake = await startOpenAiFake({ kind });
    const analyst = analystOf(fake);
    expect((await analyst.analyse(small, options())).result.bullets).toHaveLength(4);
    expect(fake.requests.map(({ chat }) => chat?.response_format?.type)).toEqual(asked);
    await analyst.analyse(small, options());
    expect(fake.requests).toHaveLength(asked.length + 1);
  },
);

test("case 11: a server that stumbles over every schema in silence is asked without one the second time", async () => {
  await using fake = await startOpenAiFake();
  const analyst = analystOf(fake);
  fake.failNext({ kind: "server_error" }, 2);
  expect((await failureOf(analyst.analyse(small, options()))).type).toBe("provider_unavailable");
  expect((await analyst.analyse(small, options())).result.bullets).toHaveLength(4);
  expect(fake.requests.map(({ chat }) => chat?.response_format?.type)).toEqual([undefined, undefined, "json_object"]);
});

test("case 14: an answer that is streamed unasked is read, and a stream is asked for by nobody", async () => {
  await using fake = await startOpenAiFake({ streamsAlways: true });
  expect((await analystOf(fake).analyse(small, options())).result.bullets).toHaveLength(4);
  expect(fake.requests.map(({ chat }) => chat?.stream)).toEqual([false]);
});

test("an answer cut off at koboldcpp's own limit is asked for with more room, and so are the next", async () => {
  await using fake = await startOpenAiFake({ kind: "koboldcpp" });
  const analyst = analystOf(fake);
  const text = "It was said at length. ".repeat(150);
  fake.scriptChat(() => ({ overview: [{ text, segmentIds: ["s1"] }], statements: [], actionItems: [] }));
  expect((await analyst.analyse(small, options())).result.text).not.toBe("");
  expect(fake.requests.map(({ chat }) => chat?.max_tokens)).toEqual([undefined, 4_096]);
  await analyst.analyse(small, options());
  expect(fake.requests).toHaveLength(3);
});

test("a model that does not keep to the schema is shown it in words the next time", async () => {
  await using fake = await startOpenAiFake({ kind: "koboldcpp" });
  const analyst = analystOf(fake);
  fake.scriptChat(() => "Sure! Here is your summary.");
  expect((await failureOf(analyst.analyse(small, options()))).type).toBe("provider_answer");
  fake.scriptChat(null);
  await analyst.analyse(small, options());
  expect(fake.requests[0]?.chat?.messages[0]?.content).not.toContain("JSON Schema");
  expect(fake.requests[1]?.chat?.messages[0]?.content).toContain("JSON Schema");
});

test("the words of a refusal are told wherever a server puts them", async () => {
  await using fake = await startOpenAiFake({ kind: "speaches" });
  const failed = await failureOf(analystOf(fake).analyse(small, options()));
  expect(failed).toMatchObject({ type: "model_refused", nonRetryable: true });
  expect(failed.message).toContain("404: Not Found");
});
