import { afterAll, beforeAll, expect, test } from "vitest";
import { findStretches } from "#activities/clients/speech/stretches.ts";
import { stubEngine } from "#tests/activities/stub-engine.ts";
import { planted, plantedTalk } from "./planted-talk.ts";
import { addChannel, jobsBecome, roomClient, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

// Where somebody speaks is found by the real detector; what is said does not matter here.
const engine = stubEngine(
  async ({ speech, signal }) => ({
    stretches: (from) => findStretches({ speech, from, signal }),
    recognise: async ({ start, end }) => [{ text: "We decided to meet again on Monday.", start, end }],
    close: async () => undefined,
  }),
  { maxPieceSeconds: 15 },
);

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels({ listens: engine });
});
afterAll(() => system[Symbol.asyncDispose]());

interface Detail {
  episode: { id: string; state: string; published: boolean; durationSeconds: number };
  decision: { should_autopublish: boolean; confidence: number; startMs: number; endMs: number; reasons: object[] };
}

test("D-41 a talk between music and noise is found by its borders, and goes out as the analysis decided", async () => {
  const ann = await system.web.signUp();
  const item = { guid: "planted", title: "Planted", file: "planted.wav", publishedAt: new Date(), type: "audio/wav" };
  system.host.add(item, plantedTalk());
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 1 });
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const [job] = await jobsBecome(ann, id, { Planted: "completed" }, 240_000);
  const { decision, episode } = await ann.json<Detail>(`/agents/${id}/jobs/${job?.id}`);
  expect(Math.abs(decision.startMs / 1000 - planted.start)).toBeLessThan(3);
  expect(Math.abs(decision.endMs / 1000 - planted.end)).toBeLessThan(3);
  expect(decision).toMatchObject({ should_autopublish: true, confidence: expect.any(Number) });
  const names = ["one_clear_block", "length", "share_of_speech", "sure_borders", "whole_file", "language"];
  expect(decision.reasons).toMatchObject(names.map((name) => ({ name, isMet: true, words: expect.any(String) })));
  expect(episode).toMatchObject({ state: "published", published: true });
  await expect.poll(() => room.named("job:completed")).toMatchObject([{ published: true }]);
}, 300_000);

test("D-41 what is too short to be sure of is held with the reason, though its mode is to publish what is sure", async () => {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const item = { guid: "short", title: "Short", file: "short.wav", publishedAt: new Date(), type: "audio/wav" };
  system.host.add(item, soundFile());
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 1 });
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const [job] = await jobsBecome(ann, id, { Short: "completed" }, 100_000);
  const { decision, episode } = await ann.json<Detail>(`/agents/${id}/jobs/${job?.id}`);
  expect(decision.should_autopublish).toBe(false);
  expect(decision.confidence).toBeLessThan(0.5);
  expect(episode).toMatchObject({
    state: "held",
    reason: expect.stringMatching(/It is 4 seconds long; 60 are wanted/),
  });
  await expect.poll(() => room.named("job:completed")).toMatchObject([{ published: false }]);
});
