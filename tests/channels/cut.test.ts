import { parseRssFeed } from "feedsmith";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCut, storeCut } from "#records/channels/cuts.ts";
import { addChannel, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

interface EpisodeAnswer {
  revision: number;
  durationSeconds: number;
  published: boolean;
  decision: { startMs: number; endMs: number } | null;
}

/** A published episode of four seconds, and how to ask for another cut of it. */
async function published(title: string) {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const [file, type] = [`${title.replaceAll(" ", "-")}.wav`, "audio/wav"];
  system.host.add({ guid: title, title, file, type, publishedAt: new Date() }, soundFile());
  const { id: channelId, feedUrl } = await addChannel(ann, system.host.feedUrl, { last: 1, mode: "all" });
  const [job] = await jobsBecome(ann, channelId, { [title]: "completed" }, 60_000);
  const { id } = await system.db.prisma.episode.findFirstOrThrow({ where: { videoId: job?.videoId ?? "" } });
  const cut = (start: unknown, end: unknown, by = ann) =>
    fetch(`${system.web.url}/api/episodes/${id}/cut`, {
      method: "POST",
      headers: { ...by.headers, "content-type": "application/json" },
      body: JSON.stringify({ start, end }),
    });
  const episode = () => ann.json<EpisodeAnswer>(`/api/episodes/${id}`);
  const items = async () => parseRssFeed(await (await fetch(feedUrl)).text()).items ?? [];
  return { ann, id, cut, episode, items };
}

test("another cut takes the place of an episode's sound: same item, new file and length, and the one before is still given out", async () => {
  const { ann, id, cut, episode, items } = await published("Cut by hand");
  const [before] = await items();
  const answer = await cut(1, 3.5);
  const ordered = (await answer.json()) as { runId: string; revision: number };
  expect([answer.status, ordered]).toEqual([202, { runId: expect.any(String), revision: 2 }]);
  await expect.poll(async () => (await episode()).revision, { timeout: 60_000 }).toBe(2);
  const { durationSeconds, decision, ...rest } = await episode();
  expect(rest.published).toBe(true);
  expect(decision).toMatchObject({ startMs: 1000, endMs: 3500 });
  expect(Math.abs(durationSeconds - 2.5)).toBeLessThan(0.3);

  const [after] = await items();
  expect(after?.guid).toEqual(before?.guid);
  const [old, now] = [before?.enclosures?.[0]?.url ?? "", after?.enclosures?.[0]?.url ?? ""];
  expect([old, now]).toEqual([expect.stringMatching(/-1\.mp3$/), expect.stringMatching(/-2\.mp3$/)]);
  const bytes = async (url: string) => (await (await fetch(url)).arrayBuffer()).byteLength;
  expect(await bytes(now)).toBe(after?.enclosures?.[0]?.length);
  expect(await bytes(old)).toBe(before?.enclosures?.[0]?.length);

  const notices = async () => (await ann.json<{ items: object[] }>("/api/notifications")).items;
  const ready = { title: "The new cut of “Cut by hand” is ready", link: expect.stringContaining(id) };
  await expect.poll(notices).toMatchObject([ready]);
  // Whoever was killed before it was noted says the same again.
  const { prisma } = system.db;
  const row = await findCut(prisma, ordered.runId);
  const audio = { audioKey: "another", audioType: "audio/mpeg", audioBytes: 1, durationMs: 1 };
  await prisma.$transaction((tx) => storeCut(tx, row!, audio));
  expect(await episode()).toMatchObject({ revision: 2, durationSeconds });
});

test("the same cut asked for at once is one; another meanwhile, and what the file does not hold, is refused", async () => {
  const { id, cut, episode } = await published("Cut twice");
  const many = await Promise.all([cut(0.5, 2), cut(0.5, 2), cut(0.5, 2)]);
  const answers = (await Promise.all(many.map((each) => each.json()))) as { runId: string }[];
  expect(many.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
  const [{ runId } = { runId: "" }] = answers;
  await expect.poll(async () => (await episode()).revision, { timeout: 60_000 }).toBeGreaterThan(1);
  await expect
    .poll(() => system.db.prisma.episodeCut.count({ where: { episodeId: id, run: { status: { not: "completed" } } } }))
    .toBe(0);

  // As if it were still being made.
  const { prisma } = system.db;
  await prisma.run.update({ where: { id: runId }, data: { status: "processing" } });
  const meanwhile = await cut(0, 3);
  expect([meanwhile.status, await meanwhile.text()]).toEqual([409, expect.stringContaining("is being made")]);
  await prisma.run.update({ where: { id: runId }, data: { status: "completed" } });

  const beyond = await cut(1, 500);
  expect([beyond.status, await beyond.text()]).toEqual([409, expect.stringContaining("The file ends at ")]);
  for (const [start, end] of [
    [2, 1],
    [1, 1.5],
    [-1, 3],
    ["a", 3],
    [null, null],
    [0, 1e300],
  ]) {
    expect((await cut(start, end)).status).toBe(400);
  }
  const eve = await system.web.signUp();
  expect((await cut(1, 3, eve)).status).toBe(404);
});
