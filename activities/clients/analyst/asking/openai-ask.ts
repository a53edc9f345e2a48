import type OpenAI from "openai";
import { APIError } from "openai";
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { z } from "zod";
import { failure } from "../../child.ts";
import { nameOf, openAiFailure } from "../../openai-failure.ts";
import type { ModelService } from "../../openai-failure.ts";
import { WindowExceeded, cutPrompt, mayLackRoom, windowExceeded } from "./context-window.ts";
import { readReply, valueIn } from "./openai-answer.ts";
import type { Reply } from "./openai-answer.ts";
import type { Prompt } from "../summary/openai-prompt.ts";
import { tokensOf } from "./prices.ts";
import type { Usage } from "./prices.ts";

interface Question<T> {
  name: string;
  schema: z.ZodType<T>;
  prompt: Prompt;
  signal: AbortSignal;
}

export type Ask = <T>(question: Question<T>) => Promise<{ answer: T; usage: Usage }>;

/** From the strictest way of asking for JSON to the one that every server knows: words in the prompt. */
const formats = ["json_schema", "json_object", "text"] as const;
type Format = (typeof formats)[number];

/** What has been learned of a server and its model, as long as this process lives. */
interface Learned {
  format: number;
  /** Whether the schema is written into the prompt too, since the model did not keep to it. */
  showsSchema: boolean;
  /** 5xx in a row with the first format. */
  serverErrors: number;
  /** Asked for where the server's own limit of an answer is too low. */
  answerTokens: number | null;
  knowsAnswerTokens: boolean;
}

const roomyAnswer = 4_096;
/** Limits of an answer that servers set by themselves are up to this; a longer one that breaks off has met the window. */
const tightAnswer = 1_100;

/**
 * Asks a model for JSON of a schema, in the form that its server knows, which is learned. Throws `WindowExceeded` where
 * the prompt is too long for the model, else `ApplicationFailure`; an abort rejects with the signal's reason.
 */
export function createAsk({ client, model, deadlineMs }: { client: OpenAI; model: string; deadlineMs: number }): Ask {
  const service: ModelService = { kind: "language", client, model };
  const isOpenAi = new URL(client.baseURL).hostname === "api.openai.com";
  const learned: Learned = {
    format: 0,
    showsSchema: false,
    serverErrors: 0,
    answerTokens: null,
    knowsAnswerTokens: !isOpenAi,
  };

  const complete = async (params: Omit<ChatCompletionCreateParamsNonStreaming, "stream">, signal: AbortSignal) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    // Named, since some servers stream unless they are told not to.
    const asked = { ...params, stream: false as const };
    return readReply(await client.chat.completions.create(asked, { signal: deadline, timeout: deadlineMs }));
  };

  const send = async <T>(question: Question<T>, answerTokens = learned.answerTokens): Promise<Reply> => {
    const limit = answerTokens === null ? {} : { max_tokens: answerTokens };
    for (let step = learned.format; ; step += 1) {
      try {
        const params = paramsOf(question, formats[step] ?? "text", learned.showsSchema);
        const reply = await complete({ model, ...params, ...limit }, question.signal);
        learned.format = step;
        learned.serverErrors = 0;
        return reply;
      } catch (error) {
        question.signal.throwIfAborted();
        const exceeded = windowExceeded(error, service);
        if (exceeded) throw exceeded;
        if (step === formats.length - 1 || !mayLackFormat(error, step, learned)) throw error;
      }
    }
  };

  /** Once more with more room, where the answer broke off at a limit that seems to be the server's own. */
  const sendWithRoom = async <T>(question: Question<T>): Promise<Reply> => {
    const reply = await send(question);
    const isTight = (reply.outputTokens ?? 0) <= tightAnswer;
    if (!reply.isCutOff || !isTight || learned.answerTokens !== null || !learned.knowsAnswerTokens) return reply;
    learned.knowsAnswerTokens = false;
    const roomy = await send(question, roomyAnswer).catch((error: unknown) => {
      if (error instanceof WindowExceeded || error instanceof APIError) return reply;
      throw error;
    });
    if (!roomy.isCutOff) learned.answerTokens = roomyAnswer;
    return roomy;
  };

  return async (question) => {
    const { system, user } = question.prompt;
    const reply = await sendWithRoom(question).catch((error: unknown) => {
      question.signal.throwIfAborted();
      throw error instanceof WindowExceeded ? error : openAiFailure(error, service);
    });
    const prompt = `${system}\n${user}`;
    if (reply.promptTokens !== null && cutPrompt(prompt, reply.promptTokens)) {
      const said = `${nameOf(service)} passed over a part of the prompt, and counted ${reply.promptTokens} tokens`;
      throw new WindowExceeded(failure("context_window", said), reply.promptTokens);
    }
    const isEmpty = reply.content.trim() === "" && reply.reasoning.trim() === "";
    if (reply.isCutOff || isEmpty) {
      const why = failure("provider_answer", isEmpty ? "it is empty" : "it was cut off at the model's limit");
      throw mayLackRoom(prompt) ? new WindowExceeded(why, null) : why;
    }
    const usage = { inputTokens: reply.promptTokens ?? tokensOf(prompt), outputTokens: outputOf(reply) };
    try {
      return { answer: valueIn(reply, question.schema), usage };
    } catch (error) {
      learned.showsSchema = true;
      throw error;
    }
  };
}

const outputOf = ({ outputTokens, content, reasoning }: Reply) => outputTokens ?? tokensOf(content + reasoning);

function paramsOf<T>({ name, schema, prompt }: Question<T>, format: Format, showsSchema: boolean) {
  const jsonSchema = z.toJSONSchema(schema, { target: "draft-7" });
  const told = `Answer with one JSON object of this JSON Schema:\n${JSON.stringify(jsonSchema)}`;
  const system = format === "json_schema" && !showsSchema ? prompt.system : `${prompt.system}\n${told}`;
  const messages = [
    { role: "system" as const, content: system },
    { role: "user" as const, content: prompt.user },
  ];
  if (format === "text") return { messages };
  if (format === "json_object") return { messages, response_format: { type: format } };
  return { messages, response_format: { type: format, json_schema: { name, strict: true, schema: jsonSchema } } };
}

/** Whether the next way of asking may do where this one did not. */
function mayLackFormat(error: unknown, step: number, learned: Learned): boolean {
  if (!(error instanceof APIError) || error.status === undefined) return false;
  if (error.status === 400 || error.status === 422) return true;
  if (error.status < 500) return false;
  if (/grammar|schema|response_format|structured output/i.test(error.message)) return true;
  // Any server may stumble once; one that does so with every schema cannot do with schemas.
  if (step === 0) learned.serverErrors += 1;
  return step === 0 && learned.serverErrors > 1;
}
