import { expect, test } from "vitest";
import { fakePodcastHost } from "#tests/fakes/podcast-host.ts";
import { componentOn } from "#tests/weak-points/channels/component.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import { startConvene } from "./convene.ts";
import { expectComplete } from "./expect-complete.ts";
import { longSpeech } from "./long-speech.ts";

const patient = { timeout: 300_000, interval: 150 };

test(
  "Temporal, web and Postgres killed while a video is worked on and watched: one episode, and no job stays on the screen",
  { timeout: 900_000 },
  async () => {
    await using host = await fakePodcastHost();
    await using convene = await startConvene({ env: { FETCH_ALLOW: "127.0.0.0/8" } });
    const sound = await longSpeech(1);
    const before = new Date("2024-05-01T10:00:00Z");
    host.add({ guid: "1", title: "A talk", file: "1.wav", type: "audio/wav", publishedAt: before }, sound);
    const fetchedFirst = Math.floor(sound.length / 2);
    host.state.mediaFault = { kind: "stall", afterBytes: fetchedFirst };
    const added = await convene.ask("/api/channels", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ source: "feed", url: host.feedUrl, rights: true, last: 1 }),
    });
    const { id } = (await added.json()) as { id: string };
    const client = createLiveClient({
      url: convene.url,
      socket: { extraHeaders: convene.headers },
      // A page waits longer between tries; the test has no time for that.
      firstDelayMs: 200,
      longestDelayMs: 1_000,
    });
    const screen = componentOn(client, id);
    const job = async () => {
      // Postgres is between two lives now and then.
      const rows = await convene
        .rows<{ stage: string; status: string; video: string }>(
          "SELECT stage, status, conversation_id AS video FROM run WHERE channel_id = $1 AND kind = 'video'",
          [id],
        )
        .catch(() => []);
      return rows[0] ?? { stage: "", status: "", video: "" };
    };
    await expect.poll(() => host.bytesOf("/media/1.wav"), patient).toBe(fetchedFirst);
    await expect.poll(() => screen.jobs(), patient).toBe(1);
    convene.kill("temporal");
    host.state.mediaFault = null;
    host.hangUp();
    await expect.poll(async () => (await job()).stage, patient).toBe("diarization");
    convene.kill("web");
    await expect.poll(async () => (await job()).stage, patient).toMatch(/transcription|alignment/);
    convene.kill("postgres");
    await expect.poll(async () => (await job()).status, patient).toBe("completed");

    await expect.poll(() => screen.jobs(), patient).toBe(0);
    await expect.poll(() => screen.handled.filter((name) => name === "episode.ready"), patient).toHaveLength(1);
    client.close();
    await expectComplete(convene, (await job()).video);
    expect(host.bytesOf("/media/1.wav")).toBeLessThanOrEqual(sound.length + 1024 ** 2);
    const [found] = await convene.rows<object>(
      `SELECT (SELECT count(*)::int FROM episode WHERE channel_id = $1) AS episodes,
              (SELECT count(*)::int FROM live_event WHERE topic = 'channel:' || $1 AND type = 'episode.ready') AS told`,
      [id],
    );
    expect(found).toEqual({ episodes: 1, told: 1 });
  },
);
