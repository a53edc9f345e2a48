import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openMedia } from "#activities/clients/media/decode.ts";
import { createLoudnessMeter } from "#activities/clients/media/loudness.ts";
import { createSound } from "#activities/clients/media/sound.ts";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { findAllStretches, findStretches } from "#activities/clients/speech/stretches.ts";
import { episodeChapters } from "#records/channels/decisions.ts";
import { spokenIn } from "#records/channels/transcripts.ts";
import { episodeAudioKey } from "#records/media/media-store.ts";
import { stubEngine } from "#tests/activities/speech/stub-engine.ts";
import { planted, plantedTalk } from "./planted-talk.ts";
import { addChannel, jobsBecome, roomClient, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

// Where somebody speaks is found by the real detector; what is said does not matter here.
const engine = stubEngine(
  async () => ({
    recognise: async ({ start, end }) => [{ text: "We decided to meet again on Monday.", start, end }],
    close: async () => undefined,
  }),
  { maxPieceSeconds: 15 },
);

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels({ listens: engine, findStretches });
});
afterAll(() => system[Symbol.asyncDispose]());

interface Detail {
  episode: { id: string; state: string; published: boolean; durationSeconds: number };
  decision: {
    should_autopublish: boolean;
    confidence: number;
    startMs: number;
    endMs: number;
    reasons: object[];
    sound: { durationMs: number; lufs: number; truePeak: number };
  };
}

/** An episode's file as a listener has it: where somebody speaks, how long and how loud it is. */
async function heardBack(input: string) {
  const folder = await mkdtemp(join(tmpdir(), "convene-heard-"));
  try {
    const meter = createLoudnessMeter();
    const media = await openMedia(input);
    for await (const frame of createSound(media, [media.tracks[0]], 3600).frames()) {
      meter.add(frame);
      frame.free();
    }
    await media.demuxer.close();
    const limits = { maxDurationSeconds: 3600, deadlineMs: 300_000, maxRssMb: 1024 };
    const { speech, facts } = await transcodeMedia({ ...limits, input, outDir: join(folder, "out") });
    return { stretches: await findAllStretches({ speech }), seconds: facts.durationMs / 1000, ...meter.close() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("D-41 a talk between music and noise is cut at its borders, and goes out as the analysis decided", async () => {
  const ann = await system.web.signUp();
  const half = (planted.start + planted.end) / 2;
  const chapters = Object.entries({ Music: 0, Talk: planted.start, Close: half, Notices: planted.end + 3 });
  const item = {
    guid: "planted",
    title: "Planted",
    file: "planted.wav",
    publishedAt: new Date(),
    type: "audio/wav",
    more: `<psc:chapters>${chapters.map(([title, at]) => `<psc:chapter start="${at}" title="${title}"/>`).join("")}</psc:chapters>`,
  };
  system.host.add(item, plantedTalk());
  const { id } = await addChannel(ann, system.host.feedUrl, { last: 1 });
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const [job] = await jobsBecome(ann, id, { Planted: "completed" }, 400_000);
  const { decision, episode } = await ann.json<Detail>(`/agents/${id}/jobs/${job?.id}`);
  expect(Math.abs(decision.startMs / 1000 - planted.start)).toBeLessThan(3);
  expect(Math.abs(decision.endMs / 1000 - planted.end)).toBeLessThan(3);
  expect(decision).toMatchObject({ should_autopublish: true, confidence: expect.any(Number) });
  const names = ["one_clear_block", "length", "share_of_speech", "sure_borders", "whole_file", "language"];
  expect(decision.reasons).toMatchObject(names.map((name) => ({ name, isMet: true, words: expect.any(String) })));
  expect(episode).toMatchObject({ state: "published", published: true });
  await expect.poll(() => room.named("job:completed")).toMatchObject([{ published: true }]);

  const heard = await heardBack(join(system.folder, episodeAudioKey(job?.videoId ?? "", 1)));
  expect(heard.seconds).toBeCloseTo(episode.durationSeconds, 0);
  // Nothing of the music or the noise is left, and nothing of the talk is gone.
  expect(heard.stretches[0]?.start).toBeLessThan(3);
  expect(heard.seconds - (heard.stretches.at(-1)?.end ?? 0)).toBeLessThan(3);
  expect(Math.abs(heard.seconds - (planted.end - planted.start))).toBeLessThan(6);
  expect(Math.abs(heard.lufs + 16)).toBeLessThan(1);
  expect(heard.truePeak).toBeLessThanOrEqual(-1);
  expect(heard.lufs).toBeCloseTo(decision.sound.lufs, 1);
  // The source's chapters stand where their words do, and those of what is gone are gone.
  const moved = await episodeChapters(system.db.prisma, { videoId: job?.videoId ?? "", revision: 1 });
  expect(moved).toMatchObject([{ title: "Talk", startMs: 0 }, { title: "Close" }]);
  expect(Math.abs((moved?.[1]?.startMs ?? 0) - (half * 1000 - decision.startMs))).toBeLessThan(1_000);
  // Its transcript has its times.
  const { segments } = await spokenIn(system.db.prisma, { videoId: job?.videoId ?? "", revision: 1 });
  expect(segments[0]?.start).toBeLessThan(3);
  expect(heard.seconds - (segments.at(-1)?.end ?? 0)).toBeLessThan(3);
  expect(segments.every(({ start, end }) => start < end && end <= heard.seconds + 0.1)).toBe(true);
}, 480_000);

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
