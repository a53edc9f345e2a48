import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { startFakeStream } from "#tests/fakes/stream.ts";
import { processesBelow, webPidOf, workerPidOf } from "../stack/processes.ts";
import { startStack } from "../stack/stack.ts";
import type { Stack } from "../stack/stack.ts";
import { startModel } from "./model.ts";
import type { MeetingSide, Session } from "./side.ts";
import { insist } from "./until.ts";

export interface ConveneSide extends MeetingSide {
  stack: Stack;
  /** Deliveries that no workflow was told of yet. */
  waitingDeliveries(): Promise<number>;
}

/** Convene as `npm start` runs it, with Stream's stand-in behind its real SDK. */
export async function startConvene(options: { modelMs: number; detail: (line: string) => void }): Promise<ConveneSide> {
  await using made = new AsyncDisposableStack();
  const model = made.use(await startModel(options.modelMs));
  const stream = made.use(await startFakeStream());
  const stack = made.use(
    await startStack(options.detail, {
      STREAM_API_KEY: stream.apiKey,
      STREAM_API_SECRET: stream.apiSecret,
      STREAM_BASE_URL: stream.baseUrl,
      OPENAI_API_KEY: stream.openAiApiKey,
      OPENAI_BASE_URL: model.baseUrl,
      SPEECH_MODEL: "embedded",
      // What stands in for a model costs nothing, whatever its price list says.
      MODEL_SPEND_CENTS_PER_DAY: "100000000",
    }),
  );
  const { database, person, url } = stack;
  const { prisma } = database;
  const { apiKey, apiSecret } = stream;
  const webhook = { url: `${url}/api/webhook`, apiKey, apiSecret };
  stream.webhook(webhook.url);
  const { userId, workspaceId } = person;
  const agentId = await createAgent(prisma, {
    userId,
    workspaceId,
    name: "Ada",
    instructions: "Be kind.",
    voice: "alloy",
    blueprint: {},
  });
  // A workflow's first deed is to claim its run.
  const allWait = async (ids: string[]) =>
    (await prisma.runClaim.count({ where: { run: { conversationId: { in: ids } } } })) === ids.length;
  const order = { userId, workspaceId, agentId, name: "Bench", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const disposables = made.move();

  return {
    name: "Convene",
    stack,
    webhook,
    model,
    waitingDeliveries: () => prisma.webhookDelivery.count({ where: { state: "new" } }),
    pids: () =>
      new Map([
        ["web", webPidOf(stack.pid)],
        ["worker", workerPidOf(stack.pid)],
        ...processesBelow(stack.pid)
          .filter(({ command }) => /temporal\S* server/.test(command))
          .map(({ pid }) => ["Temporal server", pid] as const),
      ]),
    async addMeetings(count) {
      const ids: string[] = [];
      while (ids.length < count) {
        const created = await createMeeting(prisma, { ...order, provider: "stream" });
        if (!created.ok) throw new Error(created.reason);
        ids.push(created.id);
        // A few at a time: how a crowd of new meetings is begun with is not what is measured.
        if (ids.length % 10 === 0 || ids.length === count)
          await insist("New meetings wait", () => allWait(ids), 240_000);
      }
      return ids;
    },
    async begin(meetingId, { isTold = true } = {}): Promise<Session> {
      const call = stream.call(meetingId);
      await call.start({ lost: !isTold });
      const session = call.sessions.at(-1);
      return { meetingId, sessionId: session?.id ?? "", startedAt: session?.startedAt ?? new Date() };
    },
    async end(meetingId) {
      const deliveries = await stream.call(meetingId).end();
      return deliveries.every(({ delivered }) => delivered);
    },
    inCall: (ids) => prisma.meeting.count({ where: { id: { in: [...ids] }, agentState: "present" } }),
    say(meetingId, speaker, text) {
      const call = stream.call(meetingId);
      // A link whose session is not set up yet has no ears: the words of people are asked for by its settings.
      const isHeard = call.openLinks().some((link) => link.session().audio?.input?.transcription);
      if (isHeard) call.say({ speaker, text });
      return Promise.resolve(isHeard);
    },
    async statuses(ids) {
      const rows = await prisma.run.groupBy({
        by: ["status"],
        where: { conversationId: { in: [...ids] }, kind: "meeting" },
        _count: true,
      });
      return new Map(rows.map(({ status, _count }) => [status, _count]));
    },
    async storedTexts(ids) {
      const where = { conversationId: { in: [...ids] } };
      return (await prisma.transcriptSegment.findMany({ where, select: { text: true } })).map(({ text }) => text);
    },
    // Its supervisor starts it again, as on anybody's machine.
    kill: () => Promise.resolve(void process.kill(workerPidOf(stack.pid), "SIGKILL")),
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
