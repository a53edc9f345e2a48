import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { ChaptersUnread, fetchChapters } from "#activities/clients/sources/fetch-chapters.ts";

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
  ["an error", 500, "{}", "server_error", "answered 500"],
  ["nothing", 404, "{}", "missing", "answered 404"],
  ["a page", 200, "<html>", "not_json", "gave something else than JSON"],
  [
    "another format",
    200,
    JSON.stringify({ chapters: [{ start: "0" }] }),
    "not_chapters",
    "gave JSON of another format",
  ],
  ["what is too large", 200, " ".repeat(1_000_001), "too_large", "gave more than 1 MB"],
])("%s is no file of chapters, and the reason names no more than the host", async (_what, status, body, code, why) => {
  using file = await answering(status, body);
  const { host } = new URL(file.url);
  const failed = await read(`${file.url}?key=secret`).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ChaptersUnread);
  expect(failed).toMatchObject({ code, host, message: `${host} ${why}` });
});

test("a file of chapters whose host is away, or on this machine's own network, says so", async () => {
  const file = await answering(200, JSON.stringify({ chapters: [] }));
  await expect(read(file.url, createGuardedFetch({ allow: [] }))).rejects.toThrow(/:\d+ is not on the open internet$/);
  file[Symbol.dispose]();
  await expect(read(file.url)).rejects.toThrow(/^127\.0\.0\.1:\d+ could not be reached$/);
});
