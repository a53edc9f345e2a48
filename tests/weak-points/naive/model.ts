import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ChatRequest, completion } from "#tests/fakes/openai-chat.ts";
import { sendError, sendJson } from "#tests/fakes/openai-faults.ts";
import type { ModelBehaviour } from "../system.ts";

/** An OpenAI-compatible server that behaves as it is told; `answer` knows the prompts, by default the reference design's. */
export async function startScriptedModel({ answer = answerTo }: { answer?: (request: ChatRequest) => string } = {}) {
  const calls: string[] = [];
  let behaviour: ModelBehaviour = { kind: "answers" };
  let failuresLeft = 0;
  let held: (() => Promise<void>)[] = [];

  async function respond(request: ChatRequest, response: ServerResponse): Promise<void> {
    if (response.destroyed) return;
    if (behaviour.kind === "holds") {
      held.push(() => respond(request, response));
      return;
    }
    if (behaviour.kind === "refuses")
      return sendError(response, 401, { message: "Incorrect API key provided", type: "invalid_request_error" });
    if (behaviour.kind === "fails" && failuresLeft > 0) {
      failuresLeft -= 1;
      return sendError(response, 500, { message: "The server had an error", type: "server_error" });
    }
    if (behaviour.kind === "answers") await sleep(behaviour.afterMs ?? 0);
    sendJson(response, 200, completion(request, behaviour.kind === "empty" ? "" : answer(request)));
  }

  const server = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const request = ChatRequest.parse(JSON.parse(body));
      calls.push(request.messages.map(({ content }) => content).join("\n"));
      return respond(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    behave(next: ModelBehaviour) {
      behaviour = next;
      failuresLeft = next.kind === "fails" ? next.times : 0;
      const waiting = held;
      held = [];
      for (const go of waiting) void go();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface PlanRequest {
  blueprintSessions: { session_name: string }[];
  currentProgress: { session_name: string; status: string }[];
}

function answerTo(request: ChatRequest): string {
  const content = request.messages.at(-1)?.content ?? "";
  if (!content.startsWith("{")) return "They spoke about the budget.";
  const { blueprintSessions, currentProgress } = JSON.parse(content) as PlanRequest;
  const isCovered = (name: string) =>
    currentProgress.some(({ session_name, status }) => session_name === name && status === "completed");
  const first = blueprintSessions.findIndex(({ session_name }) => !isCovered(session_name));
  const updatedProgress = blueprintSessions.map(({ session_name }, index) => ({
    session_name,
    status: isCovered(session_name) || index === first ? "completed" : "pending",
  }));
  return JSON.stringify({
    progressSummary: "They spoke about the first open session of the plan.",
    updatedProgress,
    nextSessionPrompt: "Go on with the next session.",
  });
}
