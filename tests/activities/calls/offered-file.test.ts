import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchOffered } from "#activities/clients/calls/offered-file.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";

const guardedFetch = createGuardedFetch({ allow: [], resolve: async () => ["10.0.0.1"] });

async function provider(answer: RequestListener) {
  const folder = await mkdtemp(join(tmpdir(), "convene-offered-"));
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const path = join(folder, "file");
  return {
    url,
    path,
    offer: (given: { url: string | undefined; providerUrl?: string; mostBytes?: number }) =>
      fetchOffered(guardedFetch, path, {
        providerUrl: url,
        mostBytes: 1000,
        signal: new AbortController().signal,
        ...given,
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

test("a file on the provider's own server is kept whole", async () => {
  await using at = await provider((_request, response) => response.end("sound"));
  await at.offer({ url: `${at.url}/recording` });
  expect(await readFile(at.path, "utf8")).toBe("sound");
});

test("an address elsewhere that is not https, or not on the open internet, or none, is refused for good", async () => {
  await using at = await provider((_request, response) => response.end("sound"));
  const refused = { type: "media_missing", nonRetryable: true };
  for (const url of [
    "http://files.test/a",
    "https://files.test/a",
    "https://[::1]/",
    "file:///etc/passwd",
    "",
    undefined,
  ]) {
    await expect(at.offer({ url })).rejects.toMatchObject(refused);
  }
  await expect(at.offer({ url: at.url, providerUrl: "http://127.0.0.1:1" })).rejects.toMatchObject(refused);
});

test("a redirect is refused for good, even to the provider's own server", async () => {
  await using at = await provider((_request, response) => response.writeHead(302, { location: "/other" }).end());
  await expect(at.offer({ url: at.url })).rejects.toMatchObject({ type: "media_missing", nonRetryable: true });
});

test("what a server answers decides whether it is asked again", async () => {
  let status = 403;
  await using at = await provider((_request, response) => response.writeHead(status).end("x".repeat(1001)));
  await expect(at.offer({ url: at.url })).rejects.toMatchObject({ type: "media_missing", nonRetryable: true });
  status = 503;
  await expect(at.offer({ url: at.url })).rejects.toMatchObject({ type: "provider_unavailable", nonRetryable: false });
  status = 200;
  await expect(at.offer({ url: at.url })).rejects.toMatchObject({ type: "too_large", nonRetryable: true });
});

test("a server that cannot be reached, or breaks off, is asked again", async () => {
  await using at = await provider((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    response.socket?.end();
  });
  const again = { type: "provider_unavailable", nonRetryable: false };
  await expect(at.offer({ url: at.url })).rejects.toMatchObject(again);
  const closed = "http://127.0.0.1:1";
  await expect(at.offer({ url: closed, providerUrl: closed })).rejects.toMatchObject(again);
});
