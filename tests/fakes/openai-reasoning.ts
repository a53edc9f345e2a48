import type { ServerResponse } from "node:http";
import type { ChatRequest } from "./openai-chat.ts";
import { completion } from "./openai-chat.ts";

export const thoughts = 'Okay, the user wants JSON such as {"overview": "…"}. I must not mention the salary.';

/** An answer of a model that may think before it, and may be cut off. */
export function thoughtful(
  request: ChatRequest,
  content: string,
  {
    thinks,
    promptTokens,
    answerTokens = Infinity,
  }: { thinks?: "before" | "untold" | "field" | undefined; promptTokens?: number; answerTokens?: number },
) {
  const before = { before: `<think>\n${thoughts}\n</think>\n\n`, untold: `${thoughts}\n</think>\n\n`, field: "" };
  const whole = (thinks ? before[thinks] : "") + content;
  const isCut = whole.length / 4 > answerTokens;
  return completion(request, isCut ? whole.slice(0, answerTokens * 4) : whole, {
    finishReason: isCut ? "length" : "stop",
    ...(thinks === "field" ? { reasoning: thoughts } : {}),
    ...(promptTokens === undefined ? {} : { promptTokens }),
  });
}

/** The same answer as a server sends it that streams without being asked. */
export function sendAsEvents(response: ServerResponse, answer: ReturnType<typeof completion>): void {
  const { choices, usage, ...head } = answer;
  const [choice] = choices;
  const content = choice?.message.content ?? "";
  const event = (data: object) => response.write(`data: ${JSON.stringify({ ...head, ...data })}\n\n`);
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": keep-alive\n\n");
  event({ choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] });
  for (let at = 0; at < content.length; at += 7)
    event({ choices: [{ index: 0, delta: { content: content.slice(at, at + 7) }, finish_reason: null }] });
  event({ choices: [{ index: 0, delta: {}, finish_reason: choice?.finish_reason }] });
  event({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}
