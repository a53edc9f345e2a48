import OpenAI, { toFile } from "openai";
import { expect, test } from "vitest";
import { startOpenAiFake } from "./openai.ts";
import type { OpenAiFake } from "./openai.ts";

const clientOf = (fake: OpenAiFake) =>
  new OpenAI({ apiKey: fake.apiKey, baseURL: fake.baseUrl, maxRetries: 0, timeout: 10_000 });

/** A WAV of silence: 16 kHz, mono, 16 bit. */
function silence(seconds: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(32_000, 28);
  return Buffer.concat([header, Buffer.alloc(seconds * 32_000)]);
}

test("the real SDK gets the diarising model's segments, and the fake knows what was uploaded", async () => {
  await using fake = await startOpenAiFake();
  fake.scriptHearing(() => [
    { text: "Hello.", start: 0, end: 1, speaker: "A" },
    { text: "Hi.", start: 1, end: 2, speaker: "B" },
  ]);
  const answer = await clientOf(fake).audio.transcriptions.create({
    file: await toFile(silence(2), "a.wav"),
    model: "gpt-4o-transcribe-diarize",
    response_format: "diarized_json",
    chunking_strategy: "auto",
  });
  expect(answer).toMatchObject({
    text: "Hello. Hi.",
    segments: [
      { speaker: "A", start: 0, end: 1 },
      { speaker: "B", start: 1, end: 2 },
    ],
  });
  expect(fake.requests[0]?.form).toMatchObject({
    fields: { model: "gpt-4o-transcribe-diarize", chunking_strategy: "auto" },
    file: { name: "a.wav", bytes: 64_044, seconds: 2 },
  });
});

test("the real SDK gets Whisper's timed segments", async () => {
  await using fake = await startOpenAiFake();
  const answer = await clientOf(fake).audio.transcriptions.create({
    file: await toFile(silence(3), "a.wav"),
    model: "whisper-1",
    response_format: "verbose_json",
    timestamp_granularities: ["segment"],
  });
  expect(answer.duration).toBeCloseTo(3, 1);
  expect(answer.segments?.[0]?.text).toContain("quick brown fox");
});

test("a form OpenAI would refuse is refused", async () => {
  await using fake = await startOpenAiFake();
  const send = async (seconds: number, model: string, format: "diarized_json" | "verbose_json") =>
    clientOf(fake).audio.transcriptions.create({
      file: await toFile(silence(seconds), "a.wav"),
      model,
      response_format: format,
    });
  await expect(send(40, "gpt-4o-transcribe-diarize", "diarized_json")).rejects.toThrow("chunking_strategy");
  await expect(send(1, "whisper-1", "diarized_json")).rejects.toThrow("not compatible");
  await expect(send(1, "whisper-9", "verbose_json")).rejects.toThrow("does not exist");
  await expect(send(900, "whisper-1", "verbose_json")).rejects.toThrow("413");
});

test("a strict schema with an open object is refused, as OpenAI refuses it", async () => {
  await using fake = await startOpenAiFake();
  const asking = clientOf(fake).chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Hello" }],
    response_format: {
      type: "json_schema",
      json_schema: { name: "open", strict: true, schema: { type: "object", properties: { a: { type: "string" } } } },
    },
  });
  await expect(asking).rejects.toThrow("additionalProperties");
});

test("a fault meets the path it was set for, as often as said, and a wrong key always", async () => {
  await using fake = await startOpenAiFake();
  fake.failNext({ kind: "unavailable" }, 2, "/v1/models");
  const client = clientOf(fake);
  const chat = async () =>
    client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] });
  expect((await chat()).choices[0]?.message.content).toBe("Hello.");
  await expect(client.models.list()).rejects.toThrow("503");
  await expect(client.models.list()).rejects.toThrow("503");
  expect((await client.models.list()).data.length).toBeGreaterThan(0);
  const stranger = new OpenAI({ apiKey: "sk-other", baseURL: fake.baseUrl, maxRetries: 0 });
  await expect(stranger.models.list()).rejects.toThrow("401");
});
