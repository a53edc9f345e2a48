import type OpenAI from "openai";
import { BadRequestError, UnprocessableEntityError } from "openai";
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { z } from "zod";
import { inertText } from "#domain/inert-text.ts";
import { failure } from "../child.ts";
import { openAiFailure } from "../openai-failure.ts";
import type { Prompt } from "./openai-prompt.ts";
import { tokensOf } from "./prices.ts";
import type { Usage } from "./prices.ts";

interface Question<T> {
  name: string;
  schema: z.ZodType<T>;
  prompt: Prompt;
  signal: AbortSignal;
}

export type Ask = <T>(question: Question<T>) => Promise<{ answer: T; usage: Usage }>;

/**
 * Asks a model for JSON of a schema. A server that does not know `json_schema` is asked for plain JSON from then on,
 * with the schema in the prompt. Throws `ApplicationFailure`; an abort rejects with the signal's reason.
 */
export function createAsk({ client, model, deadlineMs }: { client: OpenAI; model: string; deadlineMs: number }): Ask {
  let knowsSchemas = true;

  const complete = async (params: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    return client.chat.completions.create(params, { signal: deadline, timeout: deadlineMs });
  };

  const send = async <T>({ name, schema, prompt, signal }: Question<T>): Promise<ChatCompletion> => {
    const jsonSchema = z.toJSONSchema(schema, { target: "draft-7" });
    if (knowsSchemas) {
      const format = { type: "json_schema" as const, json_schema: { name, strict: true, schema: jsonSchema } };
      try {
        return await complete({ model, messages: messagesOf(prompt), response_format: format }, signal);
      } catch (error) {
        if (!mayLackSchemas(error)) throw error;
      }
    }
    const system = `${prompt.system}\nAnswer with one JSON object of this JSON Schema:\n${JSON.stringify(jsonSchema)}`;
    const messages = messagesOf({ ...prompt, system });
    const completion = await complete({ model, messages, response_format: { type: "json_object" } }, signal);
    knowsSchemas = false;
    return completion;
  };

  return async (question) => {
    const completion = await send(question).catch((error: unknown) => {
      question.signal.throwIfAborted();
      throw openAiFailure(error);
    });
    return { answer: readAnswer(completion, question.schema), usage: usageOf(completion, question.prompt) };
  };
}

const messagesOf = ({ system, user }: Prompt) => [
  { role: "system" as const, content: system },
  { role: "user" as const, content: user },
];

const mayLackSchemas = (error: unknown) =>
  (error instanceof BadRequestError || error instanceof UnprocessableEntityError) &&
  error.code !== "context_length_exceeded";

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

function readAnswer<T>(completion: ChatCompletion, schema: z.ZodType<T>): T {
  const envelope = Completion.safeParse(completion);
  const choice = envelope.data?.choices[0];
  if (!choice) throw failure("provider_answer", "it is no chat completion");
  const { content, refusal } = choice.message;
  if (refusal) throw failure("model_refused", inertText(refusal, 300));
  if (choice.finish_reason === "content_filter")
    throw failure("model_refused", "the service's content filter stopped it");
  if (choice.finish_reason === "length") throw failure("provider_answer", "it was cut off at the model's limit");
  const answer = schema.safeParse(parseJson(content ?? ""));
  if (!answer.success) throw failure("provider_answer", "it does not have the form asked for");
  return answer.data;
}

// Compatible servers like to fence their JSON as Markdown.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\s*```(?:json)?\s*/, "").replace(/\s*```\s*$/, ""));
  } catch {
    throw failure("provider_answer", "it is not JSON");
  }
}

function usageOf({ usage, choices }: ChatCompletion, { system, user }: Prompt): Usage {
  return {
    inputTokens: usage?.prompt_tokens ?? tokensOf(system) + tokensOf(user),
    outputTokens: usage?.completion_tokens ?? tokensOf(choices[0]?.message.content ?? ""),
  };
}
