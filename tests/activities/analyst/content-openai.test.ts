import { expect, test } from "vitest";
import { createOpenAiContentReader } from "#activities/clients/analyst/content/openai.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { ChatRequest, OpenAiFake } from "#tests/fakes/openai.ts";

const segments = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `segment-${index}`,
    sequenceNumber: index,
    speaker: "SPEAKER_01",
    text: `Sentence number ${index} of the talk.`,
    start: index * 4.2,
    end: index * 4.2 + 4,
  }));

const readerOf = (fake: OpenAiFake, changes: object = {}) =>
  createOpenAiContentReader({ apiKey: fake.apiKey, baseUrl: fake.baseUrl, model: "gpt-5-mini", ...changes });
const read = (fake: OpenAiFake, count: number, changes: object = {}) =>
  readerOf(fake, changes).readContent(
    { title: "On cities", segments: segments(count), language: "en" },
    { signal: AbortSignal.timeout(20_000), onProgress: () => undefined },
  );

interface Line {
  id: string;
  text: string;
}
const linesIn = (chat: ChatRequest | null | undefined) => {
  const text = chat?.messages[1]?.content ?? "";
  const [, data = ""] = text.split("BEGIN DATA\n");
  return (data.split("\nEND DATA")[0] ?? "").split("\n").map((line) => JSON.parse(line) as Line);
};
const border = ({ id, text }: Line) => ({ id, quote: text });

test("the transcript goes out as lines of data in a strict schema request, and the answer comes in its own ids", async () => {
  await using fake = await startOpenAiFake();
  fake.scriptChat((chat) => {
    const lines = linesIn(chat);
    return { first: border(lines[1]!), last: border(lines[3]!) };
  });
  const { claim, costCents } = await read(fake, 5);
  expect(claim).toEqual({
    first: { segmentId: "segment-1", quote: "Sentence number 1 of the talk." },
    last: { segmentId: "segment-3", quote: "Sentence number 3 of the talk." },
  });
  expect(costCents).toBeGreaterThan(0);
  const [sent] = fake.requests;
  expect(sent?.chat?.response_format).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
  expect(sent?.chat?.messages[0]?.content).not.toContain("Sentence");
  expect(linesIn(sent?.chat)[1]).toEqual({
    id: "s2",
    speaker: "SPEAKER_01",
    start: 4,
    text: "Sentence number 1 of the talk.",
  });
});

test("of a transcript that is too long both ends are read, and a window that is smaller than thought is learned", async () => {
  await using fake = await startOpenAiFake({ kind: "llama.cpp", window: 4_096 });
  fake.scriptChat((chat) => {
    const lines = linesIn(chat);
    return { first: border(lines[0]!), last: border(lines.at(-1)!) };
  });
  const { claim } = await read(fake, 2_000);
  expect(claim).toMatchObject({ first: { segmentId: "segment-0" }, last: { segmentId: "segment-1999" } });
  const sent = linesIn(fake.requests.at(-1)?.chat);
  expect(sent.length).toBeLessThan(2_000);
  const middle = sent.findIndex(
    ({ id }, index) => index > 0 && Number(id.slice(1)) - Number(sent[index - 1]!.id.slice(1)) > 1,
  );
  // As much of either end as of the other, give or take what a digit more costs.
  expect(Math.abs(middle - sent.length / 2)).toBeLessThan(sent.length / 10 + 1);
});

test("an id that no line has is one that no segment has", async () => {
  await using fake = await startOpenAiFake();
  fake.scriptChat(() => ({ first: { id: "s99", quote: "So" }, last: { id: "segment-1", quote: "So" } }));
  const { claim } = await read(fake, 3);
  expect(claim).toMatchObject({ first: { segmentId: "invented" }, last: { segmentId: "invented" } });
});
