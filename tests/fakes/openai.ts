import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { formFault, readForm, transcription } from "./openai-audio.ts";
import type { ScriptedSegment, TranscriptionForm } from "./openai-audio.ts";
import { ChatRequest, completion, dutifulAnswer, linesOf, schemaOf, strictSchemaFault } from "./openai-chat.ts";
import { refuseSpeech, sendRefusal, takeChat } from "./openai-servers.ts";
import type { ServerKind } from "./openai-servers.ts";
import { sendAsEvents, thoughtful } from "./openai-reasoning.ts";
import { isAnswerFault, playFault, sendError, sendJson } from "./openai-faults.ts";
import type { AnswerFault, OpenAiFault } from "./openai-faults.ts";

export type { OpenAiFault } from "./openai-faults.ts";
export type { ScriptedSegment, TranscriptionForm } from "./openai-audio.ts";
export type { ChatRequest } from "./openai-chat.ts";

/** One request the fake has received, in order of arrival. `fault` is what it was answered with, if anything. */
export interface RecordedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  chat: ChatRequest | null;
  form: TranscriptionForm | null;
  fault: OpenAiFault["kind"] | null;
  at: number;
}

export interface OpenAiFakeOptions {
  /** The only key it accepts (default `sk-test`). */
  apiKey?: string;
  /** False makes it one of the compatible servers that answer 400 to `json_schema` (default true). */
  knowsJsonSchema?: boolean;
  /** A program of one's own machine, with its quirks and its own words, in place of OpenAI. */
  kind?: ServerKind;
  /** Of such a server: tokens that its model can take in (8,192). */
  window?: number;
  /** Where its model's thoughts are: before the answer, before it without their beginning, or in a field of their own. */
  thinks?: "before" | "untold" | "field";
  /** Sends every answer as events of a stream. */
  streamsAlways?: boolean;
}

/** What a test may say the model answers: a value (sent as JSON), or a string sent as it is. */
export type ChatScript = (request: ChatRequest) => unknown;
export type HearingScript = (form: TranscriptionForm) => ScriptedSegment[];

/**
 * A stand-in of OpenAI's HTTP API that speaks its protocol: chat completions with structured output, transcriptions,
 * models. Without a script it answers dutifully from what the prompt holds. `failNext` switches faults on.
 */
export async function startOpenAiFake({
  apiKey = "sk-test",
  knowsJsonSchema = true,
  kind,
  window = 8_192,
  thinks,
  streamsAlways = false,
}: OpenAiFakeOptions = {}) {
  const requests: RecordedRequest[] = [];
  let faults: { fault: OpenAiFault; path: string | null; left: number }[] = [];
  let chatScript: ChatScript | null = null;
  let hearingScript: HearingScript = (form) => [
    { text: "The quick brown fox jumps over the lazy dog.", start: 0, end: form.file?.seconds ?? 1, speaker: "A" },
  ];

  const takeFault = (path: string): OpenAiFault | null => {
    const entry = faults.find((each) => each.path === null || each.path === path);
    if (!entry) return null;
    entry.left -= 1;
    faults = faults.filter((each) => each.left > 0);
    return entry.fault;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://fake").pathname;
    const record: RecordedRequest = {
      path,
      headers: request.headers,
      chat: null,
      form: null,
      fault: null,
      at: Date.now(),
    };
    requests.push(record);
    const isForm = request.headers["content-type"]?.startsWith("multipart/form-data") ?? false;
    const body = isForm ? "" : await readText(request);
    if (isForm) record.form = await readForm(request);

    if (request.headers.authorization !== `Bearer ${apiKey}`) return playFault({ kind: "unauthorized" }, response);
    const fault = takeFault(path);
    record.fault = fault?.kind ?? null;
    if (fault && !isAnswerFault(fault.kind)) return playFault(fault, response);

    const answerFault = fault && isAnswerFault(fault.kind) ? fault.kind : null;
    if (path === "/v1/models") return kind === "whisper.cpp" ? sendMissing(response, path) : sendModels(response);
    if (path === "/v1/chat/completions") return chat(record, body, answerFault, response);
    if (path === "/v1/audio/transcriptions") return hear(record, response);
    return sendError(response, 404, { message: `Unknown request URL: ${path}`, type: "invalid_request_error" });
  }

  function chat(record: RecordedRequest, body: string, fault: AnswerFault | null, response: ServerResponse): void {
    const parsed = ChatRequest.safeParse(parseJson(body));
    if (!parsed.success)
      return sendError(response, 400, { message: parsed.error.message, type: "invalid_request_error" });
    record.chat = parsed.data;
    const objection = objectionTo(parsed.data, knowsJsonSchema);
    if (objection)
      return sendError(response, 400, { message: objection, type: "invalid_request_error", param: "response_format" });

    const taken = kind ? takeChat(kind, parsed.data, window) : { read: parsed.data };
    if ("refusal" in taken) return sendRefusal(response, taken.refusal);
    const schema = schemaOf(taken.read);
    const value = chatScript ? chatScript(taken.read) : schema ? dutifulAnswer(schema, linesOf(taken.read)) : "Hello.";
    const content = typeof value === "string" ? value : JSON.stringify(value);
    const answer = fault
      ? withFault(parsed.data, content, fault)
      : thoughtful(parsed.data, content, { thinks, ...("promptTokens" in taken ? taken : {}) });
    return streamsAlways ? sendAsEvents(response, answer) : sendJson(response, 200, answer);
  }

  function hear(record: RecordedRequest, response: ServerResponse): void {
    if (!record.form)
      return sendError(response, 400, { message: "Expected multipart/form-data", type: "invalid_request_error" });
    const refusal = kind ? refuseSpeech(kind, record.form, record.path) : null;
    if (refusal) return sendRefusal(response, refusal);
    const objection = kind ? null : formFault(record.form);
    if (objection) return sendError(response, objection.status, { ...objection, type: "invalid_request_error" });
    const value = transcription(record.form, hearingScript(record.form));
    if (typeof value === "string") {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
      response.end(value);
      return undefined;
    }
    return sendJson(response, 200, value);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 400, { message: String(error), type: "invalid_request_error" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };

  return {
    /** For `OPENAI_BASE_URL`. */
    baseUrl: `http://127.0.0.1:${port}/v1`,
    apiKey,
    requests,
    /** The next `times` requests (of one path, such as `/v1/chat/completions`, or of any) meet this fault. */
    failNext(fault: OpenAiFault, times = 1, path: string | null = null) {
      faults.push({ fault, path, left: times });
    },
    /** Forgets faults not yet played. */
    mend() {
      faults = [];
    },
    /** Sets what the model answers from now on; null goes back to the dutiful answer. */
    scriptChat(script: ChatScript | null) {
      chatScript = script;
    },
    /** Sets what is heard in an uploaded file from now on. */
    scriptHearing(script: HearingScript) {
      hearingScript = script;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type OpenAiFake = Awaited<ReturnType<typeof startOpenAiFake>>;

function withFault(request: ChatRequest, content: string, fault: AnswerFault | null) {
  if (fault === "refusal")
    return completion(request, null, { refusal: "I'm sorry, I can't assist with that request." });
  if (fault === "content_filter") return completion(request, null, { finishReason: "content_filter" });
  if (fault === "too_many_tokens")
    return completion(request, content.slice(0, content.length / 2), { finishReason: "length" });
  if (fault === "bad_content") return completion(request, '{"statements": "none", "extra": [1, 2');
  return completion(request, content);
}

function objectionTo(request: ChatRequest, knowsJsonSchema: boolean): string | null {
  const format = request.response_format;
  if (format?.type === "json_object" && !request.messages.some(({ content }) => /json/i.test(content)))
    return "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
  if (format?.type !== "json_schema") return null;
  if (!knowsJsonSchema) return "response_format type 'json_schema' is not supported by this server";
  if (!format.json_schema.strict) return null;
  const fault = strictSchemaFault(format.json_schema.schema);
  return fault && `Invalid schema for response_format '${format.json_schema.name}': ${fault}`;
}

const sendMissing = (response: ServerResponse, path: string) =>
  sendRefusal(response, { status: 404, body: `File Not Found (${path})` });

function sendModels(response: ServerResponse): void {
  const ids = ["gpt-4o-mini", "gpt-4o", "gpt-4o-transcribe-diarize", "whisper-1"];
  const data = ids.map((id) => ({ id, object: "model", created: 1_700_000_000, owned_by: "openai" }));
  sendJson(response, 200, { object: "list", data });
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
