import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ChatRequest, completion, dutifulAnswer, linesOf, schemaOf } from "#tests/fakes/openai-chat.ts";
import { sendJson } from "#tests/fakes/openai-faults.ts";
import { nowMs } from "../measure.ts";
import { meetingIn } from "./words.ts";

/** One time the language model was asked. */
export interface Asked {
  /** The meeting whose words it was given; null where they name none. */
  meetingId: string | null;
  at: number;
  /** When its answer was out; null: who asked had gone, or is still waiting. */
  answeredAt: number | null;
}

/** A language model behind OpenAI's HTTP API that thinks for `delayMs` and then answers in the form asked for. */
export async function startModel(delayMs: number) {
  const asked: Asked[] = [];
  const server = createServer((incoming, response) => {
    const at = nowMs();
    void text(incoming).then(async (body) => {
      const request = ChatRequest.parse(JSON.parse(body));
      const entry: Asked = { meetingId: meetingIn(body), at, answeredAt: null };
      asked.push(entry);
      await sleep(Math.max(0, delayMs - (nowMs() - at)));
      if (response.destroyed) return;
      const schema = schemaOf(request);
      const answer = schema ? JSON.stringify(dutifulAnswer(schema, linesOf(request))) : "They spoke about the budget.";
      response.once("finish", () => (entry.answeredAt = nowMs()));
      sendJson(response, 200, completion(request, answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    /** How long a meeting's analysis has spent with the model. */
    spentOn: (meetingId: string) =>
      asked
        .filter((entry) => entry.meetingId === meetingId)
        .reduce((sum, { at, answeredAt }) => sum + (answeredAt ?? at) - at, 0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Model = Awaited<ReturnType<typeof startModel>>;
