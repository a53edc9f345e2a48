import { createHmac } from "node:crypto";
import { Pool } from "pg";
import { createCallView } from "#bench/naive/meetings/page.ts";
import { createNaiveTables } from "#bench/naive/meetings/schema.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startCalls } from "./naive/calls.ts";
import { createFaults } from "./naive/faults.ts";
import { actHost, spawnHost } from "./naive/hosts.ts";
import type { Host } from "./naive/hosts.ts";
import { startScriptedModel } from "./naive/model.ts";
import { openNaivePage } from "./naive/page.ts";
import type { Answer, MeetingState, MeetingSystem, TranscriptLine } from "./system.ts";

export interface NaiveSystemOptions {
  /** Runs it as a process of its own, which `restart` kills with SIGKILL; database faults then have no effect. */
  isSpawned?: boolean;
  /** The guard of the reference design's other document, by which a start finds an active meeting too. */
  startsWhenActive?: boolean;
}

/** The reference design's port behind the operations of the scenarios. */
export async function startNaiveSystem(options: NaiveSystemOptions = {}): Promise<MeetingSystem> {
  const { isSpawned = false, startsWhenActive = false } = options;
  // Twice what its slowest way takes here; what does not come by then never comes.
  const patienceMs = 2_000;
  await using made = new AsyncDisposableStack();
  const database = made.use(await testDatabase());
  const pool = made.adopt(new Pool({ connectionString: database.url }), (each) => each.end());
  pool.on("error", () => {});
  // The reference design stands in a database by itself.
  await pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await createNaiveTables(pool);
  const model = made.use(await startScriptedModel());
  const calls = made.use(await startCalls({ patienceMs }));
  const faults = createFaults();

  const outside = { databaseUrl: database.url, modelUrl: model.baseUrl, providerUrl: calls.url };
  const startHost = (): Promise<Host> =>
    isSpawned ? spawnHost(outside) : actHost({ ...outside, startsWhenActive, meddle: faults.meddle });
  let host = await startHost();
  made.defer(() => host.kill());

  const rows = async <Row>(sql: string, meetingId: string) => (await pool.query(sql, [meetingId])).rows as Row[];
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${host.url}${path}`, init);
    return { status: response.status, body: await response.json().catch(() => null) };
  };
  const askStatus = (meetingId: string) => ask(`/api/meetings/${meetingId}/status`);
  const inserted = async (sql: string, values: unknown[]) =>
    ((await pool.query(sql, values)).rows as { id: string }[])[0]?.id ?? "";
  const disposables = made.move();

  return {
    patienceMs,
    addAgent: ({ sessions = [] } = {}) =>
      inserted("INSERT INTO agents (name, blueprint_snapshot) VALUES ('Ada', $1) RETURNING id", [
        JSON.stringify({ sessions: sessions.map((session_name) => ({ session_name })) }),
      ]),
    addMeeting: ({ agentId, prompt }) =>
      inserted(
        "INSERT INTO meetings (name, user_id, agent_id, prompt) VALUES ('First', 'owner', $1, $2) RETURNING id",
        [agentId, prompt],
      ),

    deliver(event, { signature = "genuine" } = {}) {
      const body = JSON.stringify(event);
      const sign = (secret: string) => ({ "x-signature": createHmac("sha256", secret).update(body).digest("hex") });
      const headers = {
        "content-type": "application/json",
        ...(signature === "none" ? {} : sign(signature === "genuine" ? "secret" : "another secret")),
      };
      return ask("/api/webhook", { method: "POST", headers, body });
    },
    // It asks its provider nothing, so there is nothing to tell.
    loseEndEvent: () => Promise.resolve(),

    realtime: calls.emit,
    agentConnections: calls.connections,
    refuseAgents: calls.refuse,
    loseAgent: calls.lose,
    async restart() {
      await Promise.all([host.kill(), calls.loseAll()]);
      host = await startHost();
    },
    setModel: model.behave,
    modelCalls: () => model.calls,
    failNext: faults.failNext,
    hasFailed: faults.hasFailed,

    // The page ends its call and tells the server nothing.
    leave() {
      const view = createCallView();
      view.join();
      view.leave({ endCall: () => {} });
      return Promise.resolve(false);
    },
    // There is a status `cancelled` and no way to it, so somebody sets it by hand.
    async cancel(meetingId) {
      await pool.query("UPDATE meetings SET status = 'cancelled' WHERE id = $1", [meetingId]);
      return true;
    },
    // The button reloads the page.
    retry: () => Promise.resolve(false),
    async status(meetingId) {
      const [meeting] = await rows<MeetingState>(
        `SELECT status, error, summary, started_at AS "startedAt", ended_at AS "endedAt" FROM meetings WHERE id = $1`,
        meetingId,
      );
      if (!meeting) throw new Error(`No meeting ${meetingId}`);
      return meeting;
    },
    // It looks at no login.
    askStatus,
    transcript: (meetingId) =>
      rows<TranscriptLine>(
        `SELECT speaker_type AS speaker, text, sequence_number AS "sequenceNumber" FROM transcript_chunks
         WHERE meeting_id = $1 ORDER BY sequence_number`,
        meetingId,
      ),
    // Nothing ties the next meeting to the one before; the agent does.
    nextMeetings: (meetingId) =>
      rows(
        `SELECT name, status FROM meetings
         WHERE id <> $1 AND agent_id = (SELECT agent_id FROM meetings WHERE id = $1)`,
        meetingId,
      ),
    viewAfterReload: () => Promise.resolve(createCallView().show()),
    openProcessingPage: (meetingId, answers) => openNaivePage(answers ?? (() => askStatus(meetingId))),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
