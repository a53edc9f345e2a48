import { expect, test } from "vitest";
import { createOpenAiEngine } from "#activities/clients/speech/openai.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { OpenAiFakeOptions, OpenAiFault } from "#tests/fakes/openai.ts";

const speech = "tests/fixtures/two-cities.wav";

async function setUp(
  model: string,
  options: {
    apiKey?: string;
    deadlineMs?: number;
    signal?: AbortSignal;
    server?: OpenAiFakeOptions;
    language?: null;
  } = {},
) {
  const fake = await startOpenAiFake(options.server);
  const engine = createOpenAiEngine({
    apiKey: options.apiKey ?? "sk-test",
    baseUrl: fake.baseUrl,
    model,
    deadlineMs: options.deadlineMs ?? 20_000,
  });
  const session = await engine.open({
    speech,
    language: options.language === undefined ? "en-US" : options.language,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return {
    fake,
    engine,
    session,
    async [Symbol.asyncDispose]() {
      await session.close();
      await fake.close();
    },
  };
}

const piece = { start: 10, end: 16 };

test("case 22: of a language nobody said nothing is sent", async () => {
  for (const model of ["whisper-1", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize"]) {
    await using it = await setUp(model, { language: null });
    it.fake.scriptHearing(() => [{ text: "Es war die beste Zeit.", start: 0, end: 2 }]);
    await it.session.recognise(piece);
    expect(it.fake.requests[0]?.form?.fields).not.toHaveProperty("language");
  }
});

test("a piece is sent as a WAV cut, and its segments come back at their place in the recording", async () => {
  await using it = await setUp("whisper-1");
  it.fake.scriptHearing(() => [
    { text: "It was the epoch of belief.", start: 0.5, end: 2 },
    { text: "It was the epoch of incredulity.", start: 2.5, end: 5 },
  ]);
  expect(await it.session.recognise(piece)).toEqual([
    { text: "It was the epoch of belief.", start: 10.5, end: 12 },
    { text: "It was the epoch of incredulity.", start: 12.5, end: 15 },
  ]);
  const form = it.fake.requests[0]?.form;
  expect(form?.fields).toMatchObject({ model: "whisper-1", response_format: "verbose_json", language: "en" });
  expect(form?.file?.seconds).toBeCloseTo(6, 1);
});

test("the diarising model gets known voices and gives speakers that carry over", async () => {
  await using it = await setUp("gpt-4o-transcribe-diarize");
  it.fake.scriptHearing(() => [
    { text: "Known.", start: 0, end: 2, speaker: "speaker_2" },
    { text: "New.", start: 2, end: 4, speaker: "A" },
  ]);
  const known = [
    { speaker: 1, start: 0, end: 4 },
    { speaker: 2, start: 5, end: 9 },
  ];
  const found = await it.session.recognise({ start: 0, end: 40 }, { knownSpeakers: known });
  expect(found.map((utterance) => utterance.speaker)).toEqual([2, 3]);
  const fields = it.fake.requests[0]?.form?.fields ?? {};
  expect(fields).toMatchObject({ response_format: "diarized_json", chunking_strategy: "auto" });
  expect(JSON.stringify(fields)).toContain("data:audio/wav;base64,");
  expect(it.engine.namesSpeakers).toBe(true);
});

test("a fifth voice and a sixth keep their labels over pieces, and a seventh gets one of its own", async () => {
  await using it = await setUp("gpt-4o-transcribe-diarize");
  const known = [1, 2, 3, 4, 5, 6].map((speaker) => ({ speaker, start: speaker * 4, end: speaker * 4 + 3 }));
  // As the service does it: four references at most; of short clips one voice, which it knows or does not.
  const clips = ["speaker_6", "A", "speaker_5"];
  it.fake.scriptHearing(({ file }) => {
    if ((file?.seconds ?? 0) < 20) return [{ text: "Again.", start: 0, end: 3, speaker: clips.shift() ?? "A" }];
    return [
      { text: "Known.", start: 0, end: 2, speaker: "speaker_2" },
      { text: "The sixth.", start: 2, end: 8, speaker: "A" },
      { text: "The seventh.", start: 8, end: 12, speaker: "B" },
      { text: "The fifth.", start: 12, end: 15, speaker: "C" },
      { text: "The sixth again.", start: 15, end: 17, speaker: "A" },
    ];
  });
  const found = await it.session.recognise({ start: 0, end: 40 }, { knownSpeakers: known });
  expect(found.map(({ speaker }) => speaker)).toEqual([2, 6, 7, 5, 6]);
  expect(it.fake.requests.map(({ form }) => form?.file?.seconds)).toEqual([
    expect.closeTo(40, 0),
    expect.closeTo(6, 1),
    expect.closeTo(4, 1),
    expect.closeTo(3, 1),
  ]);
  // The fake keeps the last of the names that a request gives references for.
  const lastNamed = it.fake.requests.map(({ form }) =>
    Object.values(form?.fields ?? {}).find((value) => /^speaker_\d$/.test(value)),
  );
  expect(lastNamed).toEqual(["speaker_4", "speaker_6", "speaker_5", "speaker_5"]);
});

test("a model without times gives one utterance for the piece", async () => {
  await using it = await setUp("gpt-4o-transcribe");
  const [utterance] = await it.session.recognise(piece);
  expect(utterance).toMatchObject({ start: 10, end: 16 });
  expect(it.engine.timesUtterances).toBe(false);
});

const faults: [OpenAiFault, object][] = [
  [{ kind: "unauthorized" }, { type: "key_refused", nonRetryable: true }],
  [{ kind: "forbidden" }, { type: "key_refused", nonRetryable: true }],
  [{ kind: "no_credit" }, { type: "key_refused", nonRetryable: true }],
  [{ kind: "server_error" }, { type: "provider_unavailable", nonRetryable: false }],
  [{ kind: "reset" }, { type: "provider_unavailable", nonRetryable: false }],
  [{ kind: "hang" }, { type: "provider_unavailable", nonRetryable: false }],
  [{ kind: "drip" }, { type: "provider_unavailable", nonRetryable: false }],
  [{ kind: "invalid_json" }, { type: "provider_answer", nonRetryable: false }],
  [{ kind: "wrong_schema" }, { type: "provider_answer", nonRetryable: false }],
  [{ kind: "huge" }, { type: "provider_answer", nonRetryable: false }],
];

test.for(faults)("a service that answers with %j fails with its code after one request", async ([fault, expected]) => {
  await using it = await setUp("whisper-1", { deadlineMs: 3000 });
  it.fake.failNext(fault);
  await expect(it.session.recognise(piece)).rejects.toMatchObject(expected);
  expect(it.fake.requests).toHaveLength(1);
});

test("too many requests: the next try waits as long as the service asks", async () => {
  await using it = await setUp("whisper-1");
  it.fake.failNext({ kind: "rate_limited", retryAfter: "7" });
  const error = (await it.session.recognise(piece).catch((caught: unknown) => caught)) as { nextRetryDelay: number };
  expect(error).toMatchObject({ type: "provider_unavailable", nonRetryable: false });
  expect(error.nextRetryDelay).toBeGreaterThanOrEqual(7000);
  expect(error.nextRetryDelay).toBeLessThan(8000);
});

test("an abort ends a request with the caller's reason", async () => {
  const abort = new AbortController();
  await using it = await setUp("whisper-1", { signal: abort.signal });
  it.fake.failNext({ kind: "hang" });
  const reason = new Error("cancelled");
  setTimeout(() => abort.abort(reason), 200);
  await expect(it.session.recognise(piece)).rejects.toBe(reason);
});

test("case 17: a server without times is asked for words alone in shorter pieces, and from then on for those alone", async () => {
  await using it = await setUp("openai/whisper-small", { server: { kind: "vllm" } });
  let heard = 0;
  it.fake.scriptHearing((form) => [{ text: `Part ${(heard += 1)}.`, start: 0, end: form.file?.seconds ?? 1 }]);
  const piece = { start: 5, end: 62 };
  const found = await it.session.recognise(piece);
  expect(found.map(({ text }) => text)).toEqual(found.map((_, index) => `Part ${index + 1}.`));
  expect(found.length).toBeGreaterThanOrEqual(2);
  for (const { start, end } of found) expect(end - start).toBeLessThanOrEqual(20.5);
  expect(found[0]?.start).toBeGreaterThanOrEqual(5);
  expect(found.at(-1)?.end).toBeLessThanOrEqual(62);
  const formats = () => it.fake.requests.map(({ form }) => form?.fields.response_format);
  expect(formats()).toEqual(["verbose_json", ...found.map(() => "json")]);
  expect(it.engine).toMatchObject({ timesUtterances: false, maxPieceSeconds: 20 });
  await it.session.recognise({ start: 10, end: 16 });
  expect(formats().slice(found.length + 1)).toEqual(["json"]);
});

test("case 17: words that come without the times asked for are taken at once where the piece is short", async () => {
  await using it = await setUp("whisper-1");
  it.fake.failNext({ kind: "words_alone" });
  expect(await it.session.recognise(piece)).toEqual([{ start: 10, end: 16, text: "Fault." }]);
  expect(it.fake.requests).toHaveLength(1);
});

test.for([
  ["whisper.cpp", "404: File Not Found (/v1/audio/transcriptions)"],
  ["ollama", "404: 404 page not found"],
  ["llama.cpp", "404: File Not Found"],
  ["lm-studio", "Unexpected endpoint or method. (POST /v1/audio/transcriptions)"],
  ["koboldcpp", "404"],
  ["speaches", "Input should be 'text', 'json', 'verbose_json', 'srt' or 'vtt'"],
] as const)(
  "case 19: %s without this model is told as the speech service, with its words and the way out",
  async ([kind, words]) => {
    await using it = await setUp("gpt-4o-transcribe-diarize", { server: { kind } });
    const error = (await it.session.recognise(piece).catch((caught: unknown) => caught)) as Error;
    expect(error).toMatchObject({ type: "speech_refused", nonRetryable: true });
    expect(error.message).toContain("SPEECH_MODEL=embedded");
    expect(error.message).toContain(`speech service at ${it.fake.baseUrl}, model gpt-4o-transcribe-diarize`);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("language model");
  },
);

test("case 19: a model that the server does not have is named as it names it", async () => {
  await using it = await setUp("whisper-1", { server: { kind: "speaches" } });
  await expect(it.session.recognise(piece)).rejects.toThrow(/Model 'whisper-1' is not installed locally/);
  await using other = await setUp("Systran/faster-whisper-small", { server: { kind: "speaches" } });
  expect(await other.session.recognise(piece)).toHaveLength(1);
  expect(other.engine.timesUtterances).toBe(true);
});
