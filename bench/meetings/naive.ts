import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Pool } from "pg";
import { freePort } from "#local/port-checks.ts";
import { startPostgres } from "#local/postgres.ts";
import { createWebhookSender, streamEvents } from "#tests/fakes/stream.ts";
import { spoken } from "#tests/weak-points/events.ts";
import { startCalls } from "#tests/weak-points/naive/calls.ts";
import { newFolder } from "../stack/stack.ts";
import { startModel } from "./model.ts";
import type { MeetingSide, Session } from "./side.ts";

export interface NaiveSide extends MeetingSide {
  pool: Pool;
}

/**
 * The reference design's port in a process of its own. It knows the realtime API by old names, which Stream's full
 * stand-in refuses; so its calls are those of a lenient one, which speaks under these names.
 */
export async function startNaive(options: { modelMs: number; detail: (line: string) => void }): Promise<NaiveSide> {
  await using made = new AsyncDisposableStack();
  const model = made.use(await startModel(options.modelMs));
  const calls = made.use(await startCalls({ patienceMs: 0 }));
  const folder = await newFolder();
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres(
    { dataDir: join(folder, "postgres"), password: "bench" },
    { log: (name, line) => options.detail(`${name}: ${line}`) },
  );
  made.defer(() => postgres.stop());
  const settings = { DATABASE_URL: postgres.url, MODEL_URL: model.baseUrl, PROVIDER_URL: calls.url };
  const port = await freePort();
  let host = await startHost({ ...settings, PORT: String(port) });
  made.defer(() => host.kill());
  const pool = made.adopt(new Pool({ connectionString: postgres.url }), (each) => each.end());
  const webhook = { url: `http://127.0.0.1:${port}/api/webhook`, apiKey: "key", apiSecret: "secret" };
  const provider = createWebhookSender(webhook.url, webhook);
  const sessions = new Map<string, Session>();
  const rows = async <Row>(sql: string, values: unknown[]) => (await pool.query(sql, values)).rows as Row[];
  const [agent] = await rows<{ id: string }>("INSERT INTO agents (name) VALUES ('Ada') RETURNING id", []);
  const disposables = made.move();

  return {
    name: "reference design",
    pool,
    webhook,
    model,
    pids: () => new Map([["its process", host.pid]]),
    async addMeetings(count) {
      const sql = `INSERT INTO meetings (name, user_id, agent_id)
                   SELECT 'Bench', 'owner', $1 FROM generate_series(1, $2::int) RETURNING id`;
      return (await rows<{ id: string }>(sql, [agent?.id, count])).map(({ id }) => id);
    },
    async begin(meetingId, { isTold = true } = {}) {
      const session = { meetingId, sessionId: randomUUID(), startedAt: new Date() };
      sessions.set(meetingId, session);
      if (isTold) await provider.send(streamEvents.sessionStarted({ ...session, at: session.startedAt }));
      return session;
    },
    async end(meetingId) {
      const session = sessions.get(meetingId);
      if (!session) throw new Error(`No call of ${meetingId} has begun`);
      const deliveries = await provider.send(streamEvents.sessionEnded({ ...session, at: new Date() }));
      return deliveries.every(({ delivered }) => delivered);
    },
    inCall: (ids) => Promise.resolve(ids.filter((id) => calls.connections(id) > 0).length),
    say: async (meetingId, speaker, text) => (await calls.emit(meetingId, spoken(speaker, text))) > 0,
    async statuses(ids) {
      const sql = "SELECT status, count(*)::int AS count FROM meetings WHERE id = ANY ($1) GROUP BY status";
      const found = await rows<{ status: string; count: number }>(sql, [ids]);
      return new Map(found.map(({ status, count }) => [status, count]));
    },
    async storedTexts(ids) {
      const sql = "SELECT text FROM transcript_chunks WHERE meeting_id = ANY ($1)";
      return (await rows<{ text: string }>(sql, [ids])).map(({ text }) => text);
    },
    async kill() {
      await host.kill();
      host = await startHost({ ...settings, PORT: String(port) });
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

async function startHost(settings: Record<string, string>) {
  const child = spawn(process.execPath, ["bench/naive/meetings-process.ts"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...settings },
  });
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => line.startsWith("ready ") && resolve());
    child.once("exit", (code) => reject(new Error(`The reference design's process ended with ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    async kill() {
      process.off("exit", stop);
      stop();
      await ended;
    },
  };
}
