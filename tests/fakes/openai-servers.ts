import type { ServerResponse } from "node:http";
import type { TranscriptionForm } from "./openai-audio.ts";
import type { ChatRequest } from "./openai-chat.ts";

/** The programs that people run models with on their own machines, as the fake can play them. */
export const serverKinds = [
  "llama.cpp",
  "ollama",
  "lm-studio",
  "vllm",
  "koboldcpp",
  "speaches",
  "whisper.cpp",
] as const;
export type ServerKind = (typeof serverKinds)[number];

interface Refusal {
  status: number;
  body: unknown;
}

interface Manners {
  /** The formats of an answer that it takes; the others are refused as it does. */
  formats: readonly string[];
  refuseFormat?(type: string): Refusal;
  /** What it says to a prompt longer than its window; left out, the beginning is passed over in silence. */
  refuseLength?(sizes: { prompt: number; window: number }): Refusal;
  /** Tokens of an answer where the request names no number. */
  answerTokens?: number;
  /** What it says of an upload to transcribe; null where it takes it. */
  refuseSpeech(form: TranscriptionForm, path: string): Refusal | null;
}

const none = (body: unknown, status = 404) => ({ status, body });
const formatOf = ({ fields }: TranscriptionForm) => fields.response_format ?? "json";

/** Bodies and words are those of the programs themselves. */
const manners: Record<ServerKind, Manners> = {
  "llama.cpp": {
    formats: ["json_object", "text"],
    refuseFormat: () => none({ error: { code: 500, message: "failed to parse grammar", type: "server_error" } }, 500),
    refuseLength: ({ prompt, window }) => ({
      status: 400,
      body: {
        error: {
          code: 400,
          message: `request (${prompt} tokens) exceeds the available context size (${window} tokens), try increasing it`,
          type: "exceed_context_size_error",
          n_prompt_tokens: prompt,
          n_ctx: window,
        },
      },
    }),
    refuseSpeech: () => none({ error: { code: 404, message: "File Not Found", type: "not_found_error" } }),
  },
  ollama: {
    formats: ["json_schema", "json_object", "text"],
    refuseSpeech: () => none("404 page not found"),
  },
  "lm-studio": {
    formats: ["text"],
    refuseFormat: () => none({ error: "'response_format.type' must be 'json_schema' or 'text'" }, 400),
    refuseLength: ({ prompt, window }) => ({
      status: 400,
      body: {
        error: `Trying to keep the first ${prompt} tokens when context the overflows. However, the model is loaded with context length of only ${window} tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input`,
      },
    }),
    refuseSpeech: (_form, path) => none({ error: `Unexpected endpoint or method. (POST ${path})` }, 200),
  },
  vllm: {
    formats: ["json_schema", "json_object", "text"],
    refuseLength: ({ prompt, window }) => ({
      status: 400,
      body: {
        object: "error",
        message: `This model's maximum context length is ${window} tokens. However, you requested ${prompt} tokens in the messages, Please reduce the length of the messages.`,
        type: "BadRequestError",
        param: null,
        code: 400,
      },
    }),
    refuseSpeech: (form) =>
      ["json", "text"].includes(formatOf(form))
        ? null
        : none(
            {
              object: "error",
              message: "Currently only support response_format `text` or `json`",
              type: "BadRequestError",
              param: null,
              code: 400,
            },
            400,
          ),
  },
  koboldcpp: {
    // It takes a schema and does not keep to it; what it makes of itself is short.
    formats: ["json_schema", "json_object", "text"],
    answerTokens: 512,
    refuseSpeech: () => none({ detail: { msg: "Not Found", type: "not_found" } }),
  },
  speaches: {
    formats: [],
    refuseFormat: () => none({ detail: "Not Found" }),
    refuseSpeech(form) {
      const { model } = form.fields;
      const format = formatOf(form);
      if (!["text", "json", "verbose_json", "srt", "vtt"].includes(format)) {
        const msg = "Input should be 'text', 'json', 'verbose_json', 'srt' or 'vtt'";
        return none({ detail: [{ type: "literal_error", loc: ["body", "response_format"], msg, input: format }] }, 422);
      }
      if (!model?.startsWith("Systran/"))
        return none({
          detail: `Model '${model}' is not installed locally. You can download the model using \`POST /v1/models\``,
        });
      return null;
    },
  },
  "whisper.cpp": {
    formats: [],
    refuseFormat: () => none("File Not Found (/v1/chat/completions)"),
    // Where it was not started with `--inference-path /v1/audio/transcriptions`.
    refuseSpeech: (_form, path) => none(`File Not Found (${path})`),
  },
};

export function sendRefusal(response: ServerResponse, { status, body }: Refusal): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}

export const refuseSpeech = (kind: ServerKind, form: TranscriptionForm, path: string): Refusal | null =>
  manners[kind].refuseSpeech(form, path);

/** What a server of this kind does with a chat request: refuses it, or answers what it has read of it. */
export function takeChat(
  kind: ServerKind,
  request: ChatRequest,
  window: number,
): { refusal: Refusal } | { read: ChatRequest; promptTokens: number; answerTokens: number } {
  const { formats, refuseFormat, refuseLength, answerTokens = Infinity } = manners[kind];
  const format = request.response_format?.type ?? "text";
  if (!formats.includes(format)) return { refusal: refuseFormat?.(format) ?? none(null) };
  const prompt = tokensIn(request);
  const limit = request.max_tokens ?? answerTokens;
  if (prompt > window && refuseLength) return { refusal: refuseLength({ prompt, window }) };
  const read = prompt > window ? withoutBeginning(request, window) : request;
  return {
    read,
    promptTokens: Math.min(prompt, window),
    answerTokens: Math.min(limit, window - Math.min(prompt, window)),
  };
}

const tokensIn = ({ messages }: ChatRequest) =>
  Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);

function withoutBeginning(request: ChatRequest, window: number): ChatRequest {
  const last = request.messages.at(-1);
  const kept = { role: "user" as const, content: last?.content.slice(-window * 4) ?? "" };
  return { ...request, messages: [...request.messages.slice(0, -1), kept] };
}
