/** An answer larger than this is no answer. */
const maxAnswerBytes = 10 * 1024 * 1024;

export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";
}

/** `fetch` for a service that an operator chose: no redirects, which could carry its key elsewhere, answers up to 10 MB. */
export async function cappedFetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
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
