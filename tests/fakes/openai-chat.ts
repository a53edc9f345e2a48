import { z } from "zod";

/** What `/v1/chat/completions` accepts here: the part of OpenAI's request that Convene's callers may use. */
export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z
    .array(z.object({ role: z.enum(["system", "developer", "user", "assistant"]), content: z.string() }))
    .min(1),
  response_format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("json_object") }),
      z.object({
        type: z.literal("json_schema"),
        json_schema: z.object({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          strict: z.boolean().optional(),
          schema: z.record(z.string(), z.unknown()),
        }),
      }),
    ])
    .optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_completion_tokens: z.number().int().positive().optional(),
  max_tokens: z.number().int().positive().optional(),
  stream: z.boolean().optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** A schema node as JSON Schema writes it, as far as strict mode allows it. */
interface SchemaNode {
  type?: string | string[];
  properties?: Record<string, SchemaNode>;
  required?: string[];
  additionalProperties?: unknown;
  items?: SchemaNode;
  enum?: unknown[];
  anyOf?: SchemaNode[];
}

/** OpenAI's rules for strict schemas: every object is closed and all its properties are required. Null when it is fine. */
export function strictSchemaFault(node: SchemaNode, path = "()"): string | null {
  for (const option of node.anyOf ?? []) {
    const fault = strictSchemaFault(option, path);
    if (fault) return fault;
  }
  if (node.items) return strictSchemaFault(node.items, `${path}.items`);
  if (!node.properties) return null;
  if (node.additionalProperties !== false)
    return `In context=${path}, 'additionalProperties' is required to be supplied and to be false.`;
  for (const [name, child] of Object.entries(node.properties)) {
    if (!node.required?.includes(name))
      return `In context=${path}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${name}'.`;
    const fault = strictSchemaFault(child, `${path}.${name}`);
    if (fault) return fault;
  }
  return null;
}

/** One line of data found in the prompt: any JSON line with an id and a text. `session` is that of a plan's open goal. */
export interface PromptLine {
  id: string;
  text: string;
  speaker?: string | undefined;
  session?: string;
}

const SaidLine = z
  .looseObject({ id: z.string(), text: z.string(), speaker_id: z.string().optional() })
  .transform(({ id, text, speaker_id: speaker }): PromptLine => ({ id, text, speaker }));
const GoalLine = z
  .looseObject({ goalId: z.string(), session: z.string(), covered: z.literal(false) })
  .transform(({ goalId: id, session }): PromptLine => ({ id, text: session, session }));

/** The data lines of the last user message, in order, also as items of a JSON list that is written an item a line. */
export function linesOf(request: ChatRequest): PromptLine[] {
  const content = request.messages.findLast((message) => message.role === "user")?.content ?? "";
  return content.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      const value = z.union([SaidLine, GoalLine]).safeParse(JSON.parse(line.replace(/,$/, "")));
      return value.success ? [value.data] : [];
    } catch {
      return [];
    }
  });
}

/** The schema asked for: from `response_format`, else (json_object) the one written into the system message. */
export function schemaOf(request: ChatRequest): SchemaNode | null {
  const format = request.response_format;
  if (format?.type === "json_schema") return format.json_schema.schema;
  const system = request.messages[0]?.content ?? "";
  const start = system.lastIndexOf('{"');
  for (let from = system.indexOf('{"'); from !== -1 && from <= start; from = system.indexOf('{"', from + 1)) {
    try {
      return JSON.parse(system.slice(from)) as SchemaNode;
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * A dutiful answer: an instance of the schema whose texts are lines of the prompt and whose ids are those lines' ids.
 * Lists of objects take up to four lines spread over the whole, so late parts of a transcript show up too. Of a plan,
 * the goals of its first open session are covered, by what the person said.
 */
export function dutifulAnswer(schema: SchemaNode, lines: PromptLine[]): unknown {
  const said = lines.filter(({ session }) => session === undefined);
  const answer = instance(schema, spreadOver(said), 0);
  if (!schema.properties?.goals?.items?.properties?.goalId) return answer;
  const goals = lines.filter(({ session }) => session !== undefined);
  const segmentIds = spreadOver(said.filter(({ speaker }) => speaker === "user")).map(({ id }) => id);
  const isNext = ({ session }: PromptLine) => session === goals[0]?.session && segmentIds.length > 0;
  const covering = goals.map((goal) => ({
    goalId: goal.id,
    covered: isNext(goal),
    segmentIds: isNext(goal) ? segmentIds : [],
  }));
  return { ...(answer as object), goals: covering };
}

function spreadOver(lines: PromptLine[]): PromptLine[] {
  const spread = [0, 0.33, 0.67, 1].map((share) => Math.round(share * (lines.length - 1)));
  return [...new Set(spread)].flatMap((index) => lines[index] ?? []);
}

function instance(node: SchemaNode, picks: PromptLine[], turn: number, name = ""): unknown {
  if (node.enum) return node.enum[turn % node.enum.length];
  if (node.anyOf)
    return node.anyOf.some((option) => option.type === "null")
      ? null
      : instance(node.anyOf[0] ?? {}, picks, turn, name);
  const types = [node.type ?? "object"].flat();
  if (types.includes("null")) return null;
  if (types.includes("array")) {
    if (node.items?.properties) return picks.map((pick, index) => instance(node.items ?? {}, [pick], index));
    return picks.map((pick) => pick.id);
  }
  if (types.includes("string")) return name === "id" ? (picks[0]?.id ?? "") : (picks[0]?.text ?? "");
  if (types.includes("number") || types.includes("integer")) return 1;
  if (types.includes("boolean")) return true;
  return Object.fromEntries(
    Object.entries(node.properties ?? {}).map(([key, child]) => [key, instance(child, picks, turn, key)]),
  );
}

/** OpenAI's envelope around one answer. Usage is counted at four characters a token. */
export function completion(
  request: ChatRequest,
  content: string | null,
  {
    refusal = null,
    finishReason = "stop",
    reasoning,
    promptTokens: counted,
  }: { refusal?: string | null; finishReason?: string; reasoning?: string; promptTokens?: number } = {},
) {
  const promptTokens = counted ?? Math.ceil(request.messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
  const completionTokens = Math.ceil((content ?? refusal ?? "").length / 4);
  return {
    id: "chatcmpl-fake",
    object: "chat.completion",
    created: 1_700_000_000,
    model: request.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content,
          refusal,
          annotations: [],
          ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
        },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}
