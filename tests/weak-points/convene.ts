import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { meetingViewOf } from "#domain/meeting-view.ts";
import { createPrisma } from "#prisma/client.ts";
import { latestAnalysis } from "#records/conversations/analyses.ts";
import { meetingStatus } from "#records/meetings/meeting-lists.ts";
import { signStream } from "#tests/fakes/stream.ts";
import type { FakeStream } from "#tests/fakes/stream.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import type { MeetingSystem as Meetings } from "#tests/meetings/system.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { createFaults } from "./convene/faults.ts";
import { startHost } from "./convene/host.ts";
import { answer, readersAt } from "./convene/model.ts";
import { openConvenePage } from "./convene/page.ts";
import type { CallEvent } from "./events.ts";
import { startScriptedModel } from "./naive/model.ts";
import type { Answer, CallPageView, MeetingSystem } from "./system.ts";

export interface ConveneSystemOptions {
  /** Takes events and works on them in a process of its own, which `restart` kills with SIGKILL; no database faults then. */
  isSpawned?: boolean;
}

/** Convene behind the operations of the scenarios; only Stream, the language model and the browser are stand-ins. */
export async function startConveneSystem({ isSpawned = false }: ConveneSystemOptions = {}): Promise<MeetingSystem> {
  // Retries wait their real seconds, and what a killed process was at is missed when 20 of them went by in silence.
  const patienceMs = 60_000;
  await using made = new AsyncDisposableStack();
  const model = made.use(await startScriptedModel({ answer }));
  let faults: ReturnType<typeof createFaults> | null = null;
  const at = made.use(
    await startMeetings({
      isWorkerless: isSpawned,
      activities(db) {
        const readers = readersAt(model.baseUrl);
        if (isSpawned) return readers;
        const database = made.adopt(createPrisma({ url: db.url }), (each) => each.close());
        faults = createFaults(database.pool);
        return { ...readers, prisma: database.prisma, pool: database.pool };
      },
    }),
  );
  const { client, db, owner, stream, taskQueue, web } = at;
  const spawn = () => startHost(placeOf(at, model.baseUrl));
  let host = isSpawned ? await spawn() : null;
  made.defer(() => host?.kill());
  let stranger: TestPerson | null = null;
  const disposables = made.move();

  const tellProvider = createProvider(stream);
  const heard = (meetingId: string) => stream.call(meetingId).openLinks().filter(isConfigured);
  const askStatus = async (meetingId: string, person: TestPerson | null): Promise<Answer> =>
    answerOf(await fetch(`${web.url}/api/meetings/${meetingId}/status`, { headers: person?.headers ?? {} }));
  const isTaken = (status: number) => status === 202;

  return {
    patienceMs,
    addAgent: ({ sessions = [] } = {}) => at.addAgent(sessions.map((session_name) => ({ session_name, goals: [] }))),
    addMeeting: ({ agentId, prompt }) => at.addMeeting(agentId, prompt === undefined ? {} : { prompt }),

    async deliver(event, { signature = "genuine" } = {}) {
      const body = JSON.stringify(event);
      if (signature === "genuine") await tellProvider(event, body);
      const secret = signature === "genuine" ? stream.apiSecret : "another secret";
      const headers = {
        "content-type": "application/json",
        ...(signature === "none" ? {} : { "x-signature": signStream(body, secret) }),
      };
      return answerOf(await fetch(`${host?.url ?? web.url}/api/webhook`, { method: "POST", headers, body }));
    },
    async loseEndEvent(meetingId) {
      await stream.call(meetingId).end({ lost: true });
      // The pass that asks the providers leaves alone what has moved in the last minute.
      await db.prisma.$executeRaw`UPDATE run SET updated_at = now() - interval '2 minutes'`;
      await client.workflow.execute("reconcile", { workflowId: `reconcile-${randomUUID()}`, taskQueue });
    },

    async realtime(meetingId, event) {
      for (const until = Date.now() + patienceMs; heard(meetingId).length === 0 && Date.now() < until;) await sleep(25);
      const links = heard(meetingId);
      for (const link of links) link.send(event);
      return links.length;
    },
    agentConnections: (meetingId) => stream.call(meetingId).links.length,
    refuseAgents: (times) => stream.failNext("agent", { kind: "status", status: 503 }, times),
    async loseAgent(meetingId) {
      const links = stream.call(meetingId).openLinks();
      for (const link of links) link.cut();
      await Promise.all(links.map(({ closed }) => closed));
    },
    async restart() {
      if (host === null) throw new Error("Only a process of its own can be killed: this scenario needs one");
      await host.kill();
      host = await spawn();
    },
    setModel: model.behave,
    modelCalls: () => model.calls,
    failNext(fault, times) {
      if (faults === null) throw new Error("Another process has its own connections: this scenario needs none");
      faults.failNext(fault, times);
    },
    hasFailed: (fault) => faults !== null && !faults.unmet().includes(fault),

    leave: async (id) => isTaken(await at.ask("POST", `/api/meetings/${id}/leave`, { last: true })),
    cancel: async (id) => isTaken(await at.ask("POST", `/api/meetings/${id}/cancel`)),
    retry: async (id) => isTaken(await at.ask("POST", `/api/meetings/${id}/retry`)),

    async status(id) {
      const [meeting, row, analysis] = await Promise.all([
        meetingStatus(db.prisma, owner.userId, id),
        at.meeting(id),
        latestAnalysis(db.prisma, id),
      ]);
      if (meeting === null) throw new Error(`No meeting ${id}`);
      const { status, error, endedAt } = meeting;
      return { status, error, endedAt, startedAt: row.startedAt, summary: analysis?.summary.text ?? null };
    },
    async askStatus(meetingId, who) {
      if (who === "stranger") stranger ??= await web.signUp();
      return askStatus(meetingId, { owner, stranger, nobody: null }[who]);
    },
    transcript: async (meetingId) =>
      (await at.transcript(meetingId)).map(({ speaker, text, sequenceNumber }) => ({
        speaker: speaker === "agent" ? "agent" : "user",
        text,
        sequenceNumber,
      })),
    nextMeetings: async (meetingId) =>
      Promise.all(
        (await at.next(meetingId)).map(async ({ id, conversation }) => ({
          name: conversation.title,
          status: meetingViewOf(await at.run(id)),
        })),
      ),
    viewAfterReload: async (meetingId) => viewOf(meetingViewOf(await at.run(meetingId))),
    openProcessingPage: (meetingId, answers) =>
      disposables.use(
        openConvenePage({
          meetingId,
          run: () => at.run(meetingId),
          ask: answers ?? (() => askStatus(meetingId, owner)),
        }),
      ),
    async [Symbol.asyncDispose]() {
      await disposables.disposeAsync();
      for (const fault of faults?.unmet() ?? []) console.error(`Nothing ran into the fault "${fault}"`);
    },
  };
}

// What the provider knows comes from the events themselves; one that is given again tells it nothing new.
function createProvider(stream: FakeStream) {
  const told = new Set<string>();
  return async ({ type, call: { id, session } }: CallEvent, body: string): Promise<void> => {
    if (told.has(body)) return;
    told.add(body);
    const call = stream.call(id);
    if (type === "call.session_started") await call.start({ at: new Date(session.started_at), lost: true });
    else if (session.ended_at !== undefined && call.sessions.at(-1)?.endedAt === null)
      await call.end({ at: new Date(session.ended_at), lost: true });
  };
}

/** What is said before the session is configured is said to nobody. */
const isConfigured = (link: ReturnType<ReturnType<FakeStream["call"]>["openLinks"]>[number]) =>
  Boolean(link.session().audio?.input?.transcription);

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: await response.json().catch(() => null) };
}

/** As the call's page chooses by the stored status; what is over for good is on the meeting's page. */
function viewOf(status: ReturnType<typeof meetingViewOf>): CallPageView {
  if (status === "upcoming" || status === "active") return "lobby";
  return status === "cancelled" ? "completed" : status;
}

function placeOf({ db, folder, stream, taskQueue, temporal, web }: Meetings, modelUrl: string) {
  const { apiKey, apiSecret, baseUrl, openAiApiKey } = stream;
  const { address, namespace, workflowBundle } = temporal;
  return {
    web: {
      NODE_ENV: "test",
      HOST: "127.0.0.1",
      PORT: "0",
      PUBLIC_URL: web.url,
      DATABASE_URL: db.url,
      CONVENE_SECRET: web.env.CONVENE_SECRET,
      SEAL_KEYS: testSealKeys,
      MEDIA_DIR: folder,
      LOG_LEVEL: "silent",
      STREAM_API_KEY: apiKey,
      STREAM_API_SECRET: apiSecret,
      STREAM_BASE_URL: baseUrl,
    },
    databaseUrl: db.url,
    temporal: { address, namespace, codePath: workflowBundle.codePath },
    taskQueue,
    stream: { apiKey, apiSecret, baseUrl, openAiApiKey },
    modelUrl,
    folder,
  };
}
