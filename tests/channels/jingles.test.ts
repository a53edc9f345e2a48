import { rm } from "node:fs/promises";
import { join } from "node:path";
import NodeID3 from "node-id3";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ChannelFileKind } from "#domain/channels/channel-file.ts";
import { decisionOf } from "#records/channels/decisions.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { channelFileKey, channelPrefix, episodeAudioKey } from "#records/media/media-store.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { png } from "./pictures.ts";
import { addChannel, jobsBecome, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";
import { listenTo, tone } from "./tones.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());

const give = async (person: TestPerson, channelId: string, kind: ChannelFileKind, bytes: Buffer) => {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(bytes)]), kind);
  const answer = await fetch(`${system.web.url}/api/channels/${channelId}/${kind}`, {
    method: "POST",
    headers: person.headers,
    body: form,
  });
  expect([answer.status, answer.ok ? "" : await answer.text()]).toEqual([201, ""]);
};

const fileOf = (channelId: string, kind: string) =>
  system.db.prisma.channelFile.findUniqueOrThrow({ where: { channelId_kind: { channelId, kind } } });

/** A channel whose source holds one item of four seconds, and how its episode comes to be. */
async function withItem(title: string) {
  const ann = await system.web.signUp();
  system.host.episodes.length = 0;
  const [file, type] = [`${title.replaceAll(" ", "-")}.wav`, "audio/wav"];
  const publishedAt = new Date(Date.now() - 86_400_000);
  system.host.add({ guid: title, title, file, type, publishedAt }, soundFile());
  const { id: channelId, feedUrl } = await addChannel(ann, system.host.feedUrl, { mode: "all" });
  const { prisma } = system.db;
  await expect.poll(() => prisma.video.count({ where: { channelId } })).toBe(1);
  const { id: videoId } = await prisma.video.findFirstOrThrow({ where: { channelId } });
  const make = async () => {
    await ann.json(`/api/channels/${channelId}/videos/${videoId}/start`, { method: "POST" });
    const [job] = await jobsBecome(ann, channelId, { [title]: "completed" }, 100_000);
    const { id, durationMs } = await prisma.episode.findFirstOrThrow({ where: { videoId } });
    return { id, seconds: durationMs / 1000, jobId: job?.id ?? "" };
  };
  const cut = async (id: string, start: number, end: number) => {
    const { runId, revision } = await ann.json<{ runId: string; revision: number }>(`/api/episodes/${id}/cut`, {
      method: "POST",
      body: { start, end },
    });
    const status = async () => (await prisma.run.findUniqueOrThrow({ where: { id: runId } })).status;
    await expect.poll(status, { timeout: 100_000 }).toBe("completed");
    return { runId, revision };
  };
  const heard = (revision: number) => listenTo(join(system.folder, episodeAudioKey(videoId, revision)));
  const warnings = async (runId: string) => (await prisma.run.findUniqueOrThrow({ where: { id: runId } })).warnings;
  return { ann, channelId, videoId, feedUrl, make, cut, heard, warnings };
}

test("D-38 intro, content and outro are one episode in this order, faded into each other, and its words have its times", async () => {
  const { ann, channelId, videoId, feedUrl, make, cut, heard, warnings } = await withItem("With jingles");
  await give(ann, channelId, "intro", tone(4, 1000, 0.02));
  await give(ann, channelId, "outro", tone(3, 2000, 0.9));
  const cover = png(1400);
  await give(ann, channelId, "cover", cover);
  const { id, seconds, jobId } = await make();
  const sound = await heard(1);
  // Each fade of a second and a half at most, and of half of what is faded.
  expect(Math.abs(sound.seconds - (4 + 4 + 3 - 1.5 - 1.5))).toBeLessThan(0.3);
  expect(Math.abs(seconds - sound.seconds)).toBeLessThan(0.2);
  expect(sound.shareOf(1000, 0.2, 2.2)).toBeGreaterThan(0.95);
  expect(sound.shareOf(2000, sound.seconds - 1.2, sound.seconds - 0.2)).toBeGreaterThan(0.95);
  for (const hertz of [1000, 2000]) expect(sound.shareOf(hertz, 4.2, 4.8)).toBeLessThan(0.2);
  // As loud as each other to people, who hear the higher one better, though one came as a whisper and one as a shout.
  expect(Math.abs(sound.level(0.2, 2.2) - sound.level(sound.seconds - 1.2, sound.seconds - 0.2))).toBeLessThan(4);
  expect(await warnings(jobId)).toEqual([]);
  // Players show the picture that is in the file.
  const { image } = NodeID3.read(join(system.folder, episodeAudioKey(videoId, 1)));
  expect(image).toMatchObject({ mime: "image/png", type: { id: 3 }, imageBuffer: cover });
  const words = await (await fetch(feedUrl.replace("feed.xml", `${id}-1.json`))).json();
  const [{ start } = { start: NaN }] = await segmentsOf(system.db.prisma, videoId);
  const { startMs } = (await decisionOf(system.db.prisma, { videoId, revision: 1 })) ?? { startMs: NaN };
  const startTime = expect.closeTo(4 - 1.5 + start - startMs / 1000, 1) as number;
  expect(words).toMatchObject({ segments: [{ startTime }] });

  // Another cut has them as they are by then; the sound before stays as it was.
  expect((await ann.json<object>(`/api/channels/${channelId}/outro`, { method: "DELETE" })) ?? null).toBeNull();
  await give(ann, channelId, "intro", tone(3, 500));
  const { revision, runId } = await cut(id, 0, 3);
  const again = await heard(revision);
  expect(Math.abs(again.seconds - (3 + 3 - 1.5))).toBeLessThan(0.3);
  expect(again.shareOf(500, 0.2, 1.4)).toBeGreaterThan(0.95);
  expect(await warnings(runId)).toEqual([]);
  expect((await heard(1)).shareOf(1000, 0.2, 2.2)).toBeGreaterThan(0.95);
}, 240_000);

test("an intro or cover whose bytes are lost holds up no episode, which is made without it and says so", async () => {
  const { ann, channelId, make, heard, warnings } = await withItem("Lost jingle");
  await give(ann, channelId, "intro", tone(3, 1000));
  await give(ann, channelId, "cover", png(1400));
  for (const kind of ["intro", "cover"]) {
    const { id } = await fileOf(channelId, kind);
    await rm(join(system.folder, channelFileKey(channelId, id)));
  }
  const { jobId } = await make();
  expect(await warnings(jobId)).toEqual(
    ["intro", "cover"].map((kind) => expect.stringContaining(`The channel's ${kind} is not in the media store`)),
  );
  const sound = await heard(1);
  expect(Math.abs(sound.seconds - 4)).toBeLessThan(0.3);
  expect(sound.shareOf(1000, 0.2, 2)).toBeLessThan(0.3);
  const page = await fetch(`${system.web.url}/api/channels/${channelId}/intro`, { headers: ann.headers });
  expect(page.status).toBe(404);
}, 240_000);

test("what is replaced, removed or goes with its channel leaves no bytes, and what never became the channel's neither", async () => {
  const { ann, channelId } = await withItem("Gone jingles");
  const { prisma } = system.db;
  const { media } = system.web.deps;
  await give(ann, channelId, "intro", tone(1, 1000));
  const first = await fileOf(channelId, "intro");
  await give(ann, channelId, "intro", tone(1, 1000));
  const second = await fileOf(channelId, "intro");
  await expect.poll(() => media.size(channelFileKey(channelId, first.id))).toBeNull();
  expect(await media.size(channelFileKey(channelId, second.id))).toBe(second.bytes);
  // An hour later it is looked at whether the upload became what it was to be.
  const soon = { nextAt: new Date() };
  await prisma.outbox.updateMany({ where: { kind: "channel-file.settle", state: "new" }, data: soon });
  await expect.poll(() => prisma.outbox.count({ where: { kind: "channel-file.settle", state: "new" } })).toBe(0);
  expect(await media.size(channelFileKey(channelId, second.id))).toBe(second.bytes);

  await ann.json(`/api/channels/${channelId}/intro`, { method: "DELETE" });
  await expect.poll(() => media.size(channelFileKey(channelId, second.id))).toBeNull();
  await give(ann, channelId, "outro", tone(1, 1000));
  const outro = await fileOf(channelId, "outro");
  await media.putText(`${channelPrefix(channelId)}left`, "by a process that was killed");
  await ann.json(`/api/channels/${channelId}`, { method: "DELETE" });
  for (const name of [outro.id, "left"]) {
    await expect.poll(() => media.size(`${channelPrefix(channelId)}${name}`)).toBeNull();
  }
  expect(await prisma.channelFile.count({ where: { channelId } })).toBe(0);
}, 60_000);
