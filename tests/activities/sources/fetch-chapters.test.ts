import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { fetchChapters } from "#activities/clients/sources/fetch-chapters.ts";

async function answering(status: number, body: string) {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chapters.json`;
  return { url, [Symbol.dispose]: () => server.close() };
}

const open = createGuardedFetch({ allow: ["127.0.0.0/8"] });
const read = (url: string, guardedFetch = open) => fetchChapters(guardedFetch, url, AbortSignal.timeout(10_000));

test("a file of chapters is read by its format: titles in one line, without those that are not for the table", async () => {
  const chapters = [
    { startTime: 0, title: " Hello\nthere " },
    { startTime: 62.5, title: "Middle", img: "https://host.test/a.jpg" },
    { startTime: 70, title: "Only a picture", toc: false },
    { startTime: 80 },
  ];
  using host = await answering(200, JSON.stringify({ version: "1.2.0", chapters }));
  expect(await read(host.url)).toEqual([
    { startSeconds: 0, title: "Hello there" },
    { startSeconds: 62.5, title: "Middle" },
  ]);
});

test.each([
  ["an error", 500, "{}", "It answered 500"],
  ["a page", 200, "<html>", "not valid JSON"],
  ["another format", 200, JSON.stringify({ chapters: [{ start: "0" }] }), "startTime"],
  ["what is too large", 200, " ".repeat(1_000_001), "more than 1000000 bytes"],
])("%s is no file of chapters", async (_what, status, body, why) => {
  using host = await answering(status, body);
  await expect(read(host.url)).rejects.toThrow(why);
});

test("a file of chapters on this machine's own network is not asked for", async () => {
  using host = await answering(200, JSON.stringify({ chapters: [] }));
  await expect(read(host.url, createGuardedFetch({ allow: [] }))).rejects.toThrow(/not on the open internet/);
});
