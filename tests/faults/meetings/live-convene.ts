import { setTimeout as wait } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { startFakeStream } from "#tests/fakes/stream.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import { startConvene } from "../convene.ts";
import type { Convene } from "../convene.ts";
import type { TranscriptLine } from "../client.ts";

/** A meeting as the API gives it; the tests read a few fields of many. */
export interface MeetingAnswer {
  id: string;
  status: string;
  nextId: string | null;
  summary: { text: string } | null;
}

/** Two sessions, so that a finished meeting is followed by another one. */
export const plan = [
  { session_name: "Goals", goals: ["Say what you want to reach"] },
  { session_name: "Habits", goals: ["Name one habit that helps"] },
];

export type LiveConvene = Awaited<ReturnType<typeof startLiveConvene>>;

/** A whole Convene in processes of its own whose calls are carried by Stream's stand-in, with an agent to talk with. */
export async function startLiveConvene({ env = {} }: { env?: Record<string, string> } = {}) {
  const stream = await startFakeStream();
  const openAi = await startOpenAiFake({ apiKey: stream.openAiApiKey });
  const convene = await startConvene({
    env: {
      STREAM_API_KEY: stream.apiKey,
      STREAM_API_SECRET: stream.apiSecret,
      STREAM_BASE_URL: stream.baseUrl,
      OPENAI_API_KEY: stream.openAiApiKey,
      OPENAI_BASE_URL: openAi.baseUrl,
      LOG_LEVEL: "warn",
      ...env,
    },
  });
  const { ask, post, rows } = convene;
  const { address, namespace } = convene.temporal;
  let connection: Connection | null = null;

  return {
    convene,
    stream,
    openAi,
    webhookUrl: `${convene.url}/api/webhook`,
    async addAgent(): Promise<string> {
      const agent = { name: "Ada", instructions: "Be kind.", voice: "alloy", sessions: plan };
      return (await post<{ id: string }>("/api/agents", agent)).id;
    },
    async addMeeting(agentId: string, name = "A talk"): Promise<string> {
      return (await post<{ id: string }>("/api/meetings", { name, agentId })).id;
    },
    meeting: async (id: string) => (await (await ask(`/api/meetings/${id}`)).json()) as MeetingAnswer,
    transcript: async (id: string) =>
      ((await (await ask(`/api/meetings/${id}/transcript`)).json()) as { segments: TranscriptLine[] }).segments,
    /** How the deliveries of a meeting stand, by their type. */
    deliveries: (id: string) =>
      rows<{ type: string; state: string }>(
        `SELECT type, state FROM webhook_delivery WHERE subject_id = $1 AND sender = 'stream' ORDER BY id`,
        [id],
      ),
    /** Waits until the web process answers (again). */
    async serving(): Promise<void> {
      const answers = () =>
        ask("/readyz").then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await answers())) await wait(100);
    },
    temporalPort: Number(address.split(":").at(-1)),
    /** A client of its Temporal server, which answers again when the server does. */
    async temporal(): Promise<Client> {
      connection ??= await Connection.connect({ address });
      return new Client({ connection, namespace });
    },
    async [Symbol.asyncDispose]() {
      await connection?.close();
      await convene[Symbol.asyncDispose]();
      await stream.close();
      await openAi.close();
    },
  };
}

/** Kills a part as soon as it lives: another fault may have struck it a moment before. */
export async function killAlive(convene: Convene, part: Parameters<Convene["kill"]>[0]): Promise<void> {
  for (;;) {
    try {
      convene.kill(part);
      return;
    } catch {
      await wait(50);
    }
  }
}
