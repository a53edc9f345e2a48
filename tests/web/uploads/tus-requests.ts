import type { TestPerson, TestWeb } from "../server.ts";

export const tusHeaders = { "tus-resumable": "1.0.0" };

const encode = (metadata: Record<string, string>) =>
  Object.entries(metadata)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
    .join(",");

/** Begins an upload by tus; `size` is null where it is to be said at the end. */
export const begin = (
  web: TestWeb,
  person: TestPerson,
  size: number | null,
  metadata: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${web.url}/api/uploads`, {
    method: "POST",
    headers: {
      ...person.headers,
      ...tusHeaders,
      ...(size === null ? { "upload-defer-length": "1" } : { "upload-length": String(size) }),
      "upload-metadata": encode({ filename: "talk.wav", ...metadata }),
    },
  });

export const send = (
  web: TestWeb,
  person: TestPerson,
  location: string,
  offset: number,
  bytes: Buffer<ArrayBuffer>,
  more: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${web.url}${location}`, {
    method: "PATCH",
    headers: {
      ...person.headers,
      ...tusHeaders,
      origin: web.url,
      "upload-offset": String(offset),
      "content-type": "application/offset+octet-stream",
      ...more,
    },
    body: bytes,
  });

export const head = (web: TestWeb, person: Pick<TestPerson, "headers">, location: string): Promise<Response> =>
  fetch(`${web.url}${location}`, { method: "HEAD", headers: { ...person.headers, ...tusHeaders } });
