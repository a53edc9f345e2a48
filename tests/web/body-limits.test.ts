import { request as startRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "#tests/setup/database.ts";
import { routes } from "#web/api/routes.ts";
import { endUnread } from "#web/http/body-cap.ts";
import { createHttpServer } from "#web/http/http-server.ts";
import { allowUploadTime } from "#web/http/request-time.ts";
import express from "express";
import { freePort } from "./free-port.ts";
import { hostileWeb, signUpAt } from "./hostile-web.ts";
import { head, sendRaw } from "./raw-http.ts";

const db = await testDatabase();
const metricsPort = await freePort();
const web = await hostileWeb(db, {
  settings: { NODE_ENV: "production", METRICS_PORT: String(metricsPort), STREAM_API_KEY: "k", STREAM_API_SECRET: "s" },
});
afterAll(async () => {
  await web.stop();
  await db[Symbol.asyncDispose]();
});

/** Each address with the most bytes it takes. */
const caps = [
  ...routes
    .filter(({ method, multipart }) => method !== "get" && multipart === undefined)
    // More for people with an account: tests/calendars/sync.test.ts, tests/web/api-agents.test.ts.
    .map(({ method, path }) => [method.toUpperCase(), `/api${path.replaceAll(/:\w+/g, "x")}`, 1e5]),
  ["POST", "/api/webhook", 1024 ** 2],
  ["POST", "/api/webhook/attendee", 128 * 1024],
  ["POST", "/api/webhook/recall", 128 * 1024],
  ["POST", "/api/webhook/vexa", 1024 ** 2],
  ["POST", "/api/auth/sign-in/email", 20_000],
  ["POST", "/sign-in", 1e5],
  ["POST", "/sign-in.data", 1e5],
  ["POST", "/recordings/x", 1e5],
  ["POST", "/agents/new", 5e5],
  ["POST", "/agents/new.data", 5e5],
  ["POST", "/agents/x", 5e5],
  ["POST", "/agentsx", 1e5],
  // More for people with an account: tests/web/calendar/calendar-settings.test.ts.
  ["POST", "/calendar/connections", 1e5],
  ["POST", "/nowhere", 1e5],
] as [string, string, number][];

test("a body larger than its address takes is refused before the app, by its length or as it comes in chunks", async () => {
  const headers = [["Host", web.host], ["Origin", web.url], ["Content-Type", "application/json"]] as const; // prettier-ignore
  for (const [method, path, cap] of caps) {
    const line = `${method} ${path} HTTP/1.1`;
    const said = await sendRaw(web.url, [head(line, [...headers, ["Content-Length", String(cap + 1)]])], {
      until: (text) => text.includes("\r\n\r\n"),
    });
    expect([line, said.status]).toEqual([line, 413]);
    const chunk = `${cap.toString(16)}\r\n${"x".repeat(cap)}\r\n`;
    const chunks = [head(line, [...headers, ["Transfer-Encoding", "chunked"]]), chunk, "1\r\nx\r\n"];
    const counted = await sendRaw(web.url, chunks, { until: (text) => text.includes("\r\n\r\n") });
    expect([line, counted.status]).toEqual([line, 413]);
    const whole = [head(line, [...headers, ["Transfer-Encoding", "chunked"], ["Connection", "close"]]), chunk];
    const taken = await sendRaw(web.url, [...whole, "0\r\n\r\n"]);
    expect([line, taken.status]).toEqual([line, expect.toSatisfy(isAnyOtherAnswer)]);
  }
});

const isAnyOtherAnswer = (status: number) => status >= 200 && status < 500 && status !== 413;

test("a form that comes in chunks reaches its action whole", async () => {
  const email = "chunks@example.com";
  await signUpAt(web.url, email);
  const body = new URLSearchParams({ email, padding: "B".repeat(70_000), password: "correct horse battery" });
  const chunks = [body.toString().slice(0, 10), body.toString().slice(10)].map(
    (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
  );
  const headers = [
    ["Host", web.host],
    ["Origin", web.url],
    ["Content-Type", "application/x-www-form-urlencoded"],
    ["Transfer-Encoding", "chunked"],
    ["Connection", "close"],
  ] as const;
  const answer = await sendRaw(web.url, [head("POST /sign-in HTTP/1.1", headers), ...chunks, "0\r\n\r\n"]);
  expect([answer.status, answer.text]).toEqual([302, expect.stringContaining("set-cookie: convene.session_token=")]);
});

test("eight forms of 200 MB at once: each sender reads a 413 while it sends, and memory stays as it was", async () => {
  const before = await residentBytes();
  const peaks: number[] = [];
  const watch = setInterval(() => void residentBytes().then((bytes) => peaks.push(bytes)), 100);
  const statuses = await Promise.all(
    Array.from({ length: 8 }, (_, index) => sendForm(`${web.url}/sign-in`, 200e6, index % 2 === 0)),
  );
  clearInterval(watch);
  expect(statuses).toEqual(Array.from({ length: 8 }, () => 413));
  expect(Math.max(...peaks, await residentBytes()) - before).toBeLessThan(50e6);
});

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return z.coerce.number().parse(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

/** Sends a form as fast as it is taken, until it is whole or the server has had enough; gives the answer's status. */
function sendForm(url: string, bytes: number, isChunked: boolean): Promise<number | string> {
  return new Promise((resolve) => {
    const sending = startRequest(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        origin: web.url,
        ...(isChunked ? { "transfer-encoding": "chunked" } : { "content-length": bytes }),
      },
    });
    const part = Buffer.alloc(256 * 1024, "x");
    let left = bytes;
    let status: number | string = "no answer";
    const more = () => {
      while (left > 0 && !sending.destroyed) {
        left -= part.length;
        if (!sending.write(part.subarray(0, Math.min(part.length, left + part.length)))) return;
      }
      sending.end();
    };
    sending.on("drain", more).on("response", (response) => {
      status = response.statusCode ?? "none";
      response.resume();
    });
    sending.on("error", () => undefined).once("close", () => resolve(status));
    more();
  });
}

test("a request that drips in is ended when its time is over, an upload when nothing comes any more", async () => {
  const { server } = createHttpServer({ wholeMs: 1_000, idleMs: 0 });
  const app = express();
  app.post(["/silent-upload", "/upload-and-work"], allowUploadTime({ wholeMs: 0, idleMs: 2_000 }));
  // So long that a busy machine does not take one drip for the last.
  app.post("/upload", allowUploadTime({ wholeMs: 0, idleMs: 30_000 }));
  app.post("/{*path}", async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    if (request.path === "/upload-and-work") await sleep(3_000);
    response.json({ bytes });
  });
  app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    if (!response.headersSent) response.status(500).end(error.message);
  });
  server.on("request", app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (path: string) => head(`POST ${path} HTTP/1.1`, [["Host", "x"], ["Content-Length", "12"]]); // prettier-ignore
  const drip = Array.from({ length: 12 }, () => "x");
  const enough = { until: (text: string) => text.includes("bytes") };
  const [slow, stuck, worked, upload] = await Promise.all([
    sendRaw(url, [post("/form"), ...drip], { everyMs: 250 }),
    sendRaw(url, [post("/silent-upload"), "x"]),
    sendRaw(url, [post("/upload-and-work"), drip.join("")], enough),
    sendRaw(url, [post("/upload"), ...drip], { everyMs: 250, ...enough }),
  ]);
  server.close();
  expect([slow.status, slow.isClosed, slow.text]).toEqual([408, true, expect.stringContaining('"code":"too_slow"')]);
  expect([stuck.status, stuck.isClosed]).toEqual([408, true]);
  for (const { status, text } of [upload, worked]) {
    expect([status, text]).toEqual([200, expect.stringContaining('{"bytes":12}')]);
  }
});

test("a refused sender that never ends is cut off after so many bytes or so much time", async () => {
  const { server } = createHttpServer();
  const app = express();
  app.post("/bytes", (request, response) => endUnread({ request, response }, "no", { mostBytes: 1000 }));
  app.post("/time", (request, response) => endUnread({ request, response }, "no", { longestMs: 100 }));
  server.on("request", app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const path of ["/bytes", "/time"]) {
    const line = head(`POST ${path} HTTP/1.1`, [["Host", "x"], ["Content-Length", "1000000"]]); // prettier-ignore
    const answer = await sendRaw(url, [line, "x".repeat(2000)]);
    expect([path, answer.status, answer.isClosed, answer.text.endsWith("no")]).toEqual([path, 200, true, true]);
  }
  server.close();
});
