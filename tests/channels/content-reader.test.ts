import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpenAiContentReader } from "#activities/clients/analyst/content/openai.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { OpenAiFake } from "#tests/fakes/openai.ts";
import { addChannel, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let fake: OpenAiFake;
let system: ChannelSystem;
beforeAll(async () => {
  fake = await startOpenAiFake();
  const { apiKey, baseUrl } = fake;
  system = await startChannels({
    contentReader: createOpenAiContentReader({ apiKey, baseUrl, model: "gpt-5-mini" }),
  });
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

interface Detail {
  decision: { reasons: { name: string; words: string }[] };
}

/** A job of a channel of its own, done; with what was judged, what its run warns of, and what it cost. */
async function judged(name: string) {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const item = { guid: name, title: name, file: `${name}.wav`, publishedAt: new Date(), type: "audio/wav" };
  system.host.add(item, soundFile());
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 1 });
  const [job] = await jobsBecome(ann, id, { [name]: "completed" }, 100_000);
  const { decision } = await ann.json<Detail>(`/agents/${id}/jobs/${job?.id}`);
  const { warnings } = await system.db.prisma.run.findUniqueOrThrow({ where: { id: job?.id ?? "" } });
  const { workspaceId } = await system.db.prisma.channel.findUniqueOrThrow({ where: { id } });
  const spent = await system.db.prisma.modelSpend.findMany({ where: { workspaceId } });
  const borders = decision.reasons.find((reason) => reason.name === "sure_borders")?.words;
  return { borders, warnings: warnings as string[], cents: spent.reduce((sum, { cents }) => sum + cents, 0) };
}

const said = "We decided to meet again on Monday.";

test("D-41 with a language model it is asked where the content begins and ends, once, and its price is kept", async () => {
  fake.requests.length = 0;
  fake.scriptChat(() => ({ first: { id: "s1", quote: said }, last: { id: "s1", quote: said } }));
  const { borders, warnings, cents } = await judged("read");
  expect(borders).toContain("by the language model's word too");
  expect(warnings.filter((each) => each.includes("language model"))).toEqual([]);
  expect(fake.requests).toHaveLength(1);
  expect(cents).toBeGreaterThan(0);
});

test("D-41 words that nobody said count for nothing, and a warning tells of them", async () => {
  const quote = "A word from our sponsor first.";
  fake.scriptChat(() => ({ first: { id: "s1", quote }, last: { id: "s1", quote } }));
  const { borders, warnings } = await judged("invented");
  expect(borders).not.toContain("language model");
  expect(warnings).toContainEqual(expect.stringContaining("that nobody said"));
});

test("D-41 a model that refuses costs the episode its reader, not its being made", async () => {
  fake.scriptChat(() => ({ first: { id: "s1", quote: said }, last: { id: "s1", quote: said } }));
  fake.failNext({ kind: "unauthorized" }, 1);
  const { borders, warnings } = await judged("refused");
  expect(borders).not.toContain("language model");
  expect(warnings).toContainEqual(expect.stringContaining("No language model was asked"));
});
