import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";

const minutes = process.env["FAULTS"] === "short" ? 1 : 5;
const megabyte = 1024 ** 2;

interface JobRow {
  id: string;
  video: string;
  status: string;
  stage: string;
}

const jobOf = async (convene: Convene, channelId: string): Promise<JobRow | undefined> => {
  const rows = await convene.rows<JobRow>(
    "SELECT id, conversation_id AS video, status, stage FROM run WHERE channel_id = $1",
    [channelId],
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0];
};

async function reached(convene: Convene, channelId: string, is: (job: JobRow) => boolean): Promise<JobRow> {
  for (let tries = 0; tries < 12_000; tries++) {
    const job = await jobOf(convene, channelId);
    if (job !== undefined && is(job)) return job;
    if (job?.status === "failed") throw new Error(`failed at ${job.stage}`);
    await wait(10);
  }
  throw new Error("never got there");
}

test("kill -9 of the worker while it fetches, listens and stores: one episode, and what was fetched is not fetched again", async () => {
  await using host = await fakePodcastHost();
  await using convene = await startConvene({ env: { FETCH_ALLOW: "127.0.0.0/8" } });
  const sound = await longSpeech(minutes);
  const before = new Date("2024-05-01T10:00:00Z");
  host.add({ guid: "1", title: "A talk", file: "1.wav", type: "audio/wav", publishedAt: before }, sound);
  const fetchedFirst = Math.floor(sound.length * 0.7);
  host.state.mediaFault = { kind: "stall", afterBytes: fetchedFirst };
  const added = await convene.ask("/api/channels", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source: "feed", url: host.feedUrl, rights: true, last: 1 }),
  });
  const { id } = (await added.json()) as { id: string };

  await expect.poll(() => host.bytesOf("/media/1.wav"), { timeout: 60_000 }).toBe(fetchedFirst);
  // What was given to the connection has still to reach the worker's disk.
  await wait(500);
  convene.kill("worker");
  host.state.mediaFault = null;
  const { video } = await reached(convene, id, (job) => job.stage === "diarization");
  expect(host.bytesOf("/media/1.wav")).toBeLessThanOrEqual(sound.length + megabyte);
  for (const stage of ["diarization", "transcription", "audio_processing"]) {
    await reached(convene, id, (job) => job.stage === stage || job.status === "completed");
    convene.kill("worker");
  }
  await reached(convene, id, (job) => job.status === "completed");
  await expectComplete(convene, video);
  expect(host.bytesOf("/media/1.wav")).toBeLessThanOrEqual(sound.length + megabyte);
  const [found] = await convene.rows<object>(
    `SELECT (SELECT count(*)::int FROM episode WHERE channel_id = $1) AS episodes,
            (SELECT count(*)::int FROM live_event WHERE topic = 'channel:' || $1 AND type = 'episode.ready') AS told,
            (SELECT count(*)::int FROM video WHERE channel_id = $1) AS videos`,
    [id],
  );
  expect(found).toEqual({ episodes: 1, told: 1, videos: 1 });
  const audio = await convene.ask(`/api/recordings/${video}/audio`);
  expect(audio.status).toBe(200);
});
