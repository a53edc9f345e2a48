import { z } from "zod";
import type { TestPerson, TestWeb } from "./server.ts";

const Body = z.looseObject({
  id: z.string().default(""),
  code: z.string().optional(),
  duplicate: z.boolean().optional(),
});

/** Sends a POST as a person's browser would; `body` is sent as it is, `json` as JSON. */
export async function post(
  web: Pick<TestWeb, "url">,
  person: Pick<TestPerson, "headers">,
  path: string,
  { body, json, headers = {} }: { body?: FormData; json?: unknown; headers?: Record<string, string> },
) {
  const response = await fetch(`${web.url}${path}`, {
    method: "POST",
    headers: { ...person.headers, ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers },
    body: json === undefined ? (body ?? null) : JSON.stringify(json),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: Body.parse(text === "" ? {} : JSON.parse(text)) };
}

/** Uploads bytes by form. */
export function upload(
  web: Pick<TestWeb, "url">,
  person: Pick<TestPerson, "headers">,
  bytes: Buffer<ArrayBuffer>,
  fields: Record<string, string> = {},
  query = "",
  fileName = "speech.wav",
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("file", new Blob([bytes]), fileName);
  return post(web, person, `/api/recordings${query}`, { body: form });
}
