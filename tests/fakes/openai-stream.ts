import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const StreamRequest = z.strictObject({
  model: z.string().min(1),
  stream: z.literal(true),
  messages: z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).min(1),
});
export type StreamRequest = z.infer<typeof StreamRequest>;

/** How an answer goes: its words, or what happens in their place or in their midst. */
export type StreamedAnswer =
  | { words: string[]; thoughts?: string[]; everyMs?: number; ending?: "done" | "cut" | "hang" }
  | { status: number; message: string };

/** A stand-in of OpenAI's streaming chat completions, as server-sent events. */
export async function startStreamingChat(answer: (request: StreamRequest) => StreamedAnswer) {
  const requests: StreamRequest[] = [];
  let closedByClient = 0;

  async function serve(body: string, response: ServerResponse) {
    const parsed = StreamRequest.safeParse(JSON.parse(body));
    if (!parsed.success) return refuse(response, 400, z.prettifyError(parsed.error));
    requests.push(parsed.data);
    const told = answer(parsed.data);
    if ("status" in told) return refuse(response, told.status, told.message);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.on("close", () => {
      if (!response.writableEnded) closedByClient += 1;
    });
    const chunk = (delta: object, reason: string | null = null) =>
      response.write(
        `data: ${JSON.stringify({
          id: "chatcmpl-fake",
          object: "chat.completion.chunk",
          created: 1_700_000_000,
          model: parsed.data.model,
          choices: [{ index: 0, delta, finish_reason: reason }],
        })}\n\n`,
      );
    chunk({ role: "assistant", content: "" });
    // As servers tell them that know thoughts from words.
    for (const thought of told.thoughts ?? []) chunk({ reasoning_content: thought });
    for (const word of told.words) {
      if (told.everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, told.everyMs));
      if (response.destroyed) return;
      chunk({ content: word });
    }
    if (told.ending === "hang") return;
    // A moment later, so that what was written has left.
    if (told.ending === "cut") return void setTimeout(() => response.destroy(), 50);
    chunk({}, "stop");
    response.end("data: [DONE]\n\n");
  }

  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => void serve(body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    /** Answers that the client did not wait for. */
    closedByClient: () => closedByClient,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { message, type: "server_error", code: null, param: null } }));
}
