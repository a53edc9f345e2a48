import OpenAI from "openai";

/** An answer larger than this is no answer. */
const maxAnswerBytes = 10 * 1024 * 1024;

export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";
}

/**
 * The SDK against OpenAI or a compatible server: no retries of its own (the workflow's policy decides), no redirects,
 * answers capped at 10 MB. Deadlines are given with each call, as a signal that covers the body too.
 */
export const createOpenAiClient = ({ apiKey, baseUrl }: { apiKey: string; baseUrl?: string | undefined }): OpenAI =>
  new OpenAI({
    apiKey,
    // Named even when it is the default: the SDK would read the process's environment by itself.
    baseURL: baseUrl ?? "https://api.openai.com/v1",
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: "off",
    fetch: cappedFetch,
  });

async function cappedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: "error" });
  if (!response.body) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > maxAnswerBytes) controller.error(new AnswerTooLarge("The answer is larger than 10 MB"));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { status: response.status, statusText: response.statusText, headers: response.headers });
}
