import type { AddressInfo } from "node:net";
import { Pool } from "pg";
import { createNaiveChannels } from "#bench/naive/channels.ts";
import { watchJobs } from "#bench/naive/channels/client.ts";
import type { JobsClient } from "#bench/naive/channels/client.ts";
import { openNaiveScreen } from "#bench/naive/channels/screen.ts";
import { createNaiveChannelTables } from "#bench/naive/channels/schema.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createSteps } from "./steps.ts";
import type { JobsSystem } from "./system.ts";

/** The reference design's port behind the operations of the scenarios. It looks at no login. */
export async function startNaiveJobs({ isWorkerApart = false } = {}): Promise<JobsSystem> {
  await using made = new AsyncDisposableStack();
  const database = made.use(await testDatabase());
  const pool = made.adopt(new Pool({ connectionString: database.url }), (each) => each.end());
  pool.on("error", () => {});
  // The reference design stands in a database by itself.
  await pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await createNaiveChannelTables(pool);
  const steps = createSteps();
  const words: string[] = [];
  const source = { isGone: false, videos: [] as { videoId: string; title: string; publishedAt: Date }[] };
  const naive = createNaiveChannels({
    pool,
    isWorkerApart,
    tools: {
      async downloadAudio() {
        await steps.meet("download");
        return "audio.wav";
      },
      detectSpeech: async () => [{ start: 0, end: 4 }],
      async analyzeContent(transcript) {
        await steps.meet("analysis");
        await steps.meet("analysis");
        words.push(String(transcript));
        return { decision: { should_autopublish: true } };
      },
      mergeAudio: async (paths) => paths.join("+"),
      async uploadAudioFile(path) {
        await steps.meet("upload");
        return path;
      },
    },
    async fetchChannelVideosSince(since) {
      if (source.isGone) throw new Error("410 Gone");
      return source.videos.filter(({ publishedAt }) => publishedAt >= since);
    },
  });
  const { httpServer } = naive;
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  made.defer(async () => {
    steps.release();
    await naive.drained();
    await naive.io.close();
  });
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const clients: JobsClient[] = [];
  const screens: ReturnType<typeof openNaiveScreen>[] = [];
  made.defer(() => {
    for (const client of clients) client.disconnect();
    for (const screen of screens) screen.disconnectSocket();
  });
  const disposables = made.move();

  const listed = (title: string, publishedAt: Date) => {
    const video = { videoId: `video-${String(source.videos.length).padStart(5, "0")}`, title, publishedAt };
    source.videos.unshift(video);
    return video;
  };
  return {
    // Far more than its slowest way takes here; what does not come by then never comes.
    patienceMs: 2_000,
    async addAgent() {
      const { rows } = await pool.query("INSERT INTO agents (channel_id) VALUES ('UCtest') RETURNING id");
      return (rows[0] as { id: string }).id;
    },
    lay: (title) => void listed(title, new Date("2024-05-01T10:00:00Z")),
    publish: (agentId, title) => naive.pushed(agentId, listed(title, new Date())),
    async backfill(agentId) {
      const body = JSON.stringify({ since: "2024-01-01T00:00:00Z" });
      const headers = { "content-type": "application/json" };
      await fetch(`${url}/agents/${agentId}/backfills`, { method: "POST", headers, body });
    },
    loseSource: () => void (source.isGone = true),
    ...steps,
    wordsOf: () => Promise.resolve(words.join(" ")),
    watch(agentId) {
      const client = watchJobs(url, agentId);
      clients.push(client);
      return client;
    },
    screen() {
      const screen = openNaiveScreen(url);
      screens.push(screen);
      return screen;
    },
    async ask(path) {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, body: await response.json().catch(() => null) };
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
