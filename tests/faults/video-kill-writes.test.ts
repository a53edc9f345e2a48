import { expect, test } from "vitest";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { startConvene } from "./convene.ts";
import type { Convene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";

const patient = { timeout: 240_000, interval: 20 };

/** Each stage, and the write of what it has done when it has done it. */
const writes = {
  downloading: "INSERT ON recording FOR EACH ROW",
  transcode: "UPDATE ON recording FOR EACH ROW WHEN (OLD.rendition_key IS NULL AND NEW.rendition_key IS NOT NULL)",
  speech_detection: "INSERT ON detected_speech FOR EACH ROW",
  diarization: "INSERT ON speaker_turn FOR EACH ROW",
  transcription:
    "UPDATE ON transcript_piece FOR EACH ROW WHEN (OLD.recognised_at IS NULL AND NEW.recognised_at IS NOT NULL)",
  summary: "INSERT ON analysis FOR EACH ROW",
  decision: "INSERT ON episode_decision FOR EACH ROW",
  // The episode's file is in the store by then, and no row knows of it.
  audio_processing: "UPDATE ON episode_decision FOR EACH ROW WHEN (OLD.parts IS NULL AND NEW.parts IS NOT NULL)",
  uploading: "INSERT ON episode FOR EACH ROW",
} as const;
const stages = Object.keys(writes) as (keyof typeof writes)[];
/** Each strike takes half a minute: what was killed has to be missed. */
const struck: typeof stages =
  process.env["FAULTS"] === "short" ? ["speech_detection", "audio_processing", "uploading"] : stages;
const firstKey = 770_001;

/** Holds up each of these writes until it is let through. */
async function holdWrites(convene: Convene) {
  const client = await convene.database();
  await client.query(
    `CREATE FUNCTION hold_write() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint); RETURN NEW; END $$`,
  );
  const keyOf = (stage: keyof typeof writes) => firstKey + stages.indexOf(stage);
  for (const stage of struck) {
    const key = keyOf(stage);
    await client.query(`SELECT pg_advisory_lock(${key})`);
    await client.query(`CREATE TRIGGER hold_${stage} BEFORE ${writes[stage]} EXECUTE FUNCTION hold_write('${key}')`);
  }
  return {
    async isHeld(stage: keyof typeof writes): Promise<boolean> {
      const { rows } = await client.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted",
        [keyOf(stage)],
      );
      return rows.length > 0;
    },
    letThrough: (stage: keyof typeof writes) => client.query(`SELECT pg_advisory_unlock(${keyOf(stage)})`),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

test(
  "kill -9 of the worker between each stage's work and its row: one episode, and nothing that was written is done again",
  { timeout: 1_500_000 },
  async () => {
    await using host = await fakePodcastHost();
    await using convene = await startConvene({ env: { FETCH_ALLOW: "127.0.0.0/8" } });
    await using held = await holdWrites(convene);
    const sound = await longSpeech(1);
    const before = new Date("2024-05-01T10:00:00Z");
    host.add({ guid: "1", title: "A talk", file: "1.wav", type: "audio/wav", publishedAt: before }, sound);
    const added = await convene.ask("/api/channels", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "feed", url: host.feedUrl, rights: true, last: 1 }),
    });
    const { id } = (await added.json()) as { id: string };
    const job = async () => {
      const [row] = await convene.rows<{ run: string; video: string; stage: string; status: string }>(
        "SELECT id AS run, conversation_id AS video, stage, status FROM run WHERE channel_id = $1 AND kind = 'video'",
        [id],
      );
      return row ?? { run: "", video: "", stage: "", status: "" };
    };
    const at: string[] = [];
    for (const stage of struck) {
      await expect.poll(() => held.isHeld(stage), patient).toBe(true);
      at.push((await job()).stage);
      convene.kill("worker");
      await held.letThrough(stage);
    }
    expect(at).toEqual(struck);
    await expect.poll(async () => (await job()).status, patient).toBe("completed");

    const { run, video } = await job();
    await expectComplete(convene, video);
    expect(host.bytesOf("/media/1.wav")).toBeLessThanOrEqual(sound.length + 1024 ** 2);
    const [found] = await convene.rows<object>(
      `SELECT (SELECT count(*)::int FROM episode WHERE channel_id = $1) AS episodes,
              (SELECT count(*)::int FROM live_event WHERE topic = 'channel:' || $1 AND type = 'episode.ready') AS told,
              (SELECT count(*)::int FROM episode_decision WHERE video_id = $2) AS decisions,
              (SELECT count(*)::int FROM transcript_piece
               WHERE conversation_id = $2 AND recognitions <> 1 AND index >= 2) AS again`,
      [id, video],
    );
    // Those that were under way when the first was to be written are listened to again, two at most.
    expect(found).toEqual({ episodes: 1, told: 1, decisions: 1, again: 0 });
    const tries = await convene.rows<{ stage: string; tries: number }>(
      "SELECT stage, tries FROM run_stage WHERE run_id = $1 AND stage NOT IN ('alignment', 'done')",
      [run],
    );
    expect(Object.fromEntries(tries.map((row) => [row.stage, row.tries]))).toEqual(
      Object.fromEntries(stages.map((stage) => [stage, struck.includes(stage) ? 2 : 1])),
    );
    const [episode] = await convene.rows<{ id: string; bytes: string }>(
      "SELECT id, audio_bytes::text AS bytes FROM episode WHERE channel_id = $1",
      [id],
    );
    const audio = await convene.ask(`/api/episodes/${episode?.id}/audio`);
    expect([audio.status, String((await audio.arrayBuffer()).byteLength)]).toEqual([200, episode?.bytes]);
  },
);
