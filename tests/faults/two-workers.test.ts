import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";
import { startSecondWorker, workerEnv } from "./second-worker.ts";

/** Each takes a minute: who was paused has to be missed. */
const struck =
  process.env["FAULTS"] === "short"
    ? (["transcription", "audio_processing"] as const)
    : (["downloading", "transcription", "audio_processing"] as const);
const patient = { timeout: 240_000, interval: 100 };

let convene: Convene;
/** One connection for all looks: a new one takes longer than a stage's middle may. */
let database: Client;
let host: Awaited<ReturnType<typeof fakePodcastHost>>;
beforeAll(async () => {
  host = await fakePodcastHost();
  // One heavy stage at a time: whoever does the next one has ended the last.
  convene = await startConvene({ env: { FETCH_ALLOW: "127.0.0.0/8", MEDIA_CONCURRENCY: "1" } });
  database = await convene.database();
});
afterAll(async () => {
  await database.end();
  await convene[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

/** The channel's one job, with the stages that are open, and how many pieces of its sound are recognised. */
async function jobOf(channelId: string) {
  const { rows } = await database.query<{ video: string; status: string; open: string[]; pieces: number }>(
    `SELECT conversation_id AS video, status,
            ARRAY(SELECT stage FROM run_stage WHERE run_id = run.id AND run_stage.status = 'active') AS open,
            (SELECT count(*)::int FROM transcript_piece AS piece
             WHERE piece.conversation_id = run.conversation_id AND recognised_at IS NOT NULL) AS pieces
     FROM run WHERE channel_id = $1`,
    [channelId],
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0] ?? { video: "", status: "", open: [], pieces: 0 };
}

/** Waits until the stage is at work, with some of it done where that can be told. */
async function reached(stage: (typeof struck)[number], channelId: string, isSomeFetched: () => boolean) {
  for (;;) {
    const { status, open, pieces } = await jobOf(channelId);
    if (status === "failed" || status === "completed") throw new Error(`too late for ${stage}: ${status}`);
    const isAmid = stage === "downloading" ? isSomeFetched() : stage !== "transcription" || pieces > 0;
    if (open.includes(stage) && isAmid) return;
    await wait(10);
  }
}

/** Stops the worker where it is, but not within a transaction, whose locks would be held for as long. */
async function pauseWorker(): Promise<number> {
  const pid = convene.pidOf("worker") ?? 0;
  for (;;) {
    process.kill(pid, "SIGSTOP");
    await wait(100);
    const { rows } = await database.query("SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'");
    if (rows.length === 0) return pid;
    process.kill(pid, "SIGCONT");
    await wait(20);
  }
}

/** All that is known and kept of a video, its files with what is in them. */
async function stateOf(channelId: string, video: string) {
  const tables = {
    episode: "video_id = $1",
    episode_decision: "video_id = $1",
    recording: "id = $1",
    transcript_piece: "conversation_id = $1",
    transcript_segment: "conversation_id = $1",
    speaker_turn: "conversation_id = $1",
    analysis: "conversation_id = $1",
    run: "conversation_id = $1",
    run_stage: "run_id IN (SELECT id FROM run WHERE conversation_id = $1)",
  };
  const rows: Record<string, unknown> = {};
  for (const [table, where] of Object.entries(tables)) {
    rows[table] = await convene.rows(`SELECT * FROM ${table} AS t WHERE ${where} ORDER BY t::text`, [video]);
  }
  const told = await convene.rows(
    "SELECT topic, type FROM live_event WHERE topic IN ('channel:' || $1, 'conversation:' || $2) ORDER BY topic, seq",
    [channelId, video],
  );
  const folder = join((await workerEnv(convene))["MEDIA_DIR"] ?? "", "conversations", video);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sums: Record<string, string> = {};
  for (const file of files.filter((each) => each.isFile())) {
    const path = join(file.parentPath, file.name);
    sums[path] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return { rows, told, files: sums };
}

test("a worker that is paused amid a video's stage until another has done it comes late: one episode, and nothing of it is taken", async () => {
  const sound = await longSpeech(1);
  const before: { channel: string; video: string; state: Awaited<ReturnType<typeof stateOf>> }[] = [];
  for (const stage of struck) {
    const file = `${stage}.wav`;
    host.add(
      { guid: stage, title: stage, file, type: "audio/wav", publishedAt: new Date("2024-05-01T10:00:00Z") },
      sound,
    );
    const some = Math.floor(sound.length * 0.7);
    host.state.mediaFault = stage === "downloading" ? { kind: "stall", afterBytes: some } : null;
    const added = await convene.ask("/api/channels", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "feed", url: `${host.feedUrl}?${stage}`, rights: true, last: 1 }),
    });
    const { id: channel } = (await added.json()) as { id: string };
    await reached(stage, channel, () => host.bytesOf(`/media/${file}`) === some);
    const paused = await pauseWorker();
    try {
      expect((await jobOf(channel)).open).toContain(stage);
      host.state.mediaFault = null;
      await using _second = await startSecondWorker(convene);
      await expect.poll(async () => (await jobOf(channel)).status, patient).toBe("completed");
      const { video } = await jobOf(channel);
      before.push({ channel, video, state: await stateOf(channel, video) });
    } finally {
      process.kill(paused, "SIGCONT");
    }
  }
  // What it does next by itself comes after what it was late with.
  const next = await convene.upload(sound, "next.wav", "?duplicate=allow");
  expect(await convene.finished(next)).toMatchObject({ status: "completed" });
  for (const { channel, video, state } of before) {
    await expectComplete(convene, video);
    expect(state.rows["episode"]).toHaveLength(1);
    expect(await stateOf(channel, video)).toEqual(state);
  }
});
