import { z } from "zod";

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Turns what compatible servers answer into the form that OpenAI's client reads: words of an error wherever they stand,
 * errors that came with 200, an answer streamed without being asked for, and a whole one where a stream was.
 */
export const inOneForm =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok) return withBody(response, errorBody(await response.text()));
    const isEvents = type.startsWith("text/event-stream");
    if (asksForStream(init)) return isEvents || !isJson(type) ? response : asStream(response);
    if (isEvents) return fromEvents(response, await response.text());
    if (!isJson(type)) return response;
    const text = await response.text();
    return refusalIn(text) === null ? withBody(response, text) : withBody(response, errorBody(text), 400);
  };

const isJson = (type: string) => /^application\/([\w.-]+\+)?json/.test(type);

const asksForStream = (init: RequestInit | undefined) =>
  typeof init?.body === "string" && /"stream":\s*true/.test(init.body);

// vLLM says `{object: "error", message}`, LM Studio `{error: "…"}`, FastAPI `{detail: "…"}` or a list of faults.
const Said = z.union([
  z.object({ error: z.looseObject({ message: z.string() }) }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => ({ message: error })),
  z.looseObject({ message: z.string() }),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ message: detail })),
  z
    .object({
      detail: z.array(z.object({ msg: z.string(), loc: z.array(z.union([z.string(), z.number()])).default([]) })),
    })
    .transform(({ detail }) => ({ message: detail.map(({ msg, loc }) => `${loc.join(".")}: ${msg}`).join("; ") })),
]);

function errorBody(text: string): string {
  const said = Said.safeParse(jsonOf(text));
  return JSON.stringify({ error: said.data ?? { message: text.slice(0, 2000) } });
}

/** What a body that came with 200 says went wrong; null where it is an answer. */
function refusalIn(text: string): unknown {
  const body = jsonOf(text);
  if (typeof body !== "object" || body === null || "choices" in body || !("error" in body)) return null;
  return body.error ?? null;
}

const Chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            refusal: z.string().nullish(),
          })
          .nullish(),
        message: z.looseObject({}).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z.unknown().optional(),
});

/** The whole answer out of the events of a stream; one that broke off is cut as JSON is. */
function fromEvents(response: Response, text: string): Response {
  const answer = { content: "", reasoning_content: "", refusal: "" };
  let finishReason: string | null = null;
  let usage: unknown;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const body = line.startsWith("data:") ? jsonOf(line.slice(5)) : null;
    if (body === null) continue;
    if (refusalIn(line.slice(5)) !== null) return withBody(response, errorBody(line.slice(5)), 400);
    const { choices, usage: counted } = Chunk.safeParse(body).data ?? { choices: [] };
    const [choice] = choices;
    answer.content += choice?.delta?.content ?? "";
    answer.reasoning_content += choice?.delta?.reasoning_content ?? choice?.delta?.reasoning ?? "";
    answer.refusal += choice?.delta?.refusal ?? "";
    finishReason = choice?.finish_reason ?? finishReason;
    usage = counted ?? usage;
  }
  const message = { role: "assistant", ...answer, refusal: answer.refusal || null };
  const body = { object: "chat.completion", choices: [{ index: 0, message, finish_reason: finishReason }], usage };
  return withBody(response, JSON.stringify(body));
}

const Whole = z.object({
  choices: z.array(z.object({ message: z.looseObject({}), finish_reason: z.string().nullish() })).min(1),
});

/** A whole answer as the one event of a stream. */
async function asStream(response: Response): Promise<Response> {
  const text = await response.text();
  const [choice] = Whole.safeParse(jsonOf(text)).data?.choices ?? [];
  if (choice === undefined) return withBody(response, errorBody(text), 400);
  const chunk = { choices: [{ index: 0, delta: choice.message, finish_reason: choice.finish_reason ?? "stop" }] };
  return withBody(response, `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, 200, "text/event-stream");
}

function withBody(response: Response, body: string, status = response.status, type = "application/json"): Response {
  const headers = new Headers(response.headers);
  headers.set("content-type", type);
  // Of the body that was, no more of this one.
  for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
  return new Response(body, { status, headers });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
