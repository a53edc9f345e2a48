import { z } from "zod";
import { inertText } from "#domain/inert-text.ts";
import { withoutReasoning } from "#domain/model-reasoning.ts";
import { failure } from "../../child.ts";

const Text = z.union([
  z.string(),
  // Some give the answer as a list of blocks, thoughts among them.
  z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .transform((blocks) => blocks.map(({ type, text }) => (type === "text" ? (text ?? "") : "")).join("")),
]);

const Completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({
          content: Text.nullish(),
          refusal: z.string().nullish(),
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })
    .nullish()
    .catch(null),
});

/** What a model has answered, in whatever form its server tells it. */
export interface Reply {
  /** As it came, thoughts and fences included. */
  content: string;
  /** Thoughts told apart by the server. Some put the answer itself there, where a schema was asked for. */
  reasoning: string;
  isCutOff: boolean;
  promptTokens: number | null;
  outputTokens: number | null;
}

/** Throws `ApplicationFailure` where it is no answer at all, or one that the model or its service refuses. */
export function readReply(completion: unknown): Reply {
  const { data } = Completion.safeParse(completion);
  const choice = data?.choices[0];
  if (!choice) throw failure("provider_answer", "it is no chat completion");
  const { content, refusal, reasoning_content, reasoning } = choice.message;
  if (refusal) throw failure("model_refused", inertText(refusal, 300));
  if (choice.finish_reason === "content_filter")
    throw failure("model_refused", "the service's content filter stopped it");
  return {
    content: content ?? "",
    reasoning: reasoning_content ?? reasoning ?? "",
    isCutOff: choice.finish_reason === "length",
    promptTokens: data?.usage?.prompt_tokens ?? null,
    outputTokens: data?.usage?.completion_tokens ?? null,
  };
}

/** The value of the schema that an answer holds: as it is, after thoughts, or with words around it. */
export function valueIn<T>({ content, reasoning }: Reply, schema: z.ZodType<T>): T {
  const texts = content.trim() === "" ? [reasoning, withoutReasoning(reasoning)] : [content, withoutReasoning(content)];
  let isJson = false;
  for (const text of texts.flatMap((text) => [unfenced(text), braced(text)])) {
    const json = jsonOf(text);
    if (json === null) continue;
    isJson = true;
    const value = schema.safeParse(json);
    if (value.success) return value.data;
  }
  throw failure("provider_answer", isJson ? "it does not have the form asked for" : "it is not JSON");
}

// Compatible servers like to fence their JSON as Markdown.
const unfenced = (text: string) => text.replace(/^\s*```(?:json)?\s*/, "").replace(/\s*```\s*$/, "");
const braced = (text: string) => text.slice(Math.max(0, text.indexOf("{")), text.lastIndexOf("}") + 1);

function jsonOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
