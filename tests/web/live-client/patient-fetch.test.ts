import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createPatience } from "#web/live-client/patient-fetch.ts";
import { freePort } from "../free-port.ts";

async function serve(port: number, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(port);
  await once(server, "listening");
  return {
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const patient = (isOnline = true) =>
  createPatience({ fetch: globalThis.fetch, isOnline: () => isOnline, firstDelayMs: 20, longestDelayMs: 50 });

test("a read waits for the server and is answered when that is there", async () => {
  const port = await freePort();
  const patience = patient();
  const answered = patience.fetch(`http://localhost:${port}/page.data`);
  await expect.poll(() => patience.waiting()).toEqual({ reads: 1, writes: 0 });
  await using _server = await serve(port, (_request, response) => response.end("the page"));
  expect(await (await answered).text()).toBe("the page");
  expect(patience.waiting()).toEqual({ reads: 0, writes: 0 });
});

test("a write that the server may have got is sent again when the person asks, and by nothing else", async () => {
  const port = await freePort();
  const bodies: string[] = [];
  await using _server = await serve(port, (request, response) => {
    void request.toArray().then((chunks) => {
      bodies.push(Buffer.concat(chunks).toString());
      // The connection breaks after the server has read all of it.
      if (bodies.length === 1) request.socket.destroy();
      else response.end("saved");
    });
  });
  const patience = patient();
  const answered = patience.fetch(`http://localhost:${port}/page.data`, { method: "POST", body: "title=Talk" });
  await expect.poll(() => patience.waiting()).toEqual({ reads: 0, writes: 1 });
  patience.online();
  expect(patience.waiting()).toEqual({ reads: 0, writes: 1 });
  patience.retry();
  expect(await (await answered).text()).toBe("saved");
  expect(bodies).toEqual(["title=Talk", "title=Talk"]);
});

test("a write that never left the device is sent by itself when the network is back", async () => {
  const port = await freePort();
  const patience = patient(false);
  const answered = patience.fetch(`http://localhost:${port}/page.data`, { method: "POST", body: "a=1" });
  await expect.poll(() => patience.waiting().writes).toBe(1);
  await using _server = await serve(port, (_request, response) => response.end("saved"));
  patience.online();
  expect(await (await answered).text()).toBe("saved");
});

test("an answer that breaks off, and a proxy without a server, are waited for; Convene's own errors are not", async () => {
  const port = await freePort();
  let asked = 0;
  await using _server = await serve(port, (request, response) => {
    asked += 1;
    if (request.url === "/own.data") return response.writeHead(503, { "X-Remix-Response": "yes" }).end("busy");
    if (asked === 1) return response.writeHead(502).end("Bad gateway");
    if (asked > 2) return response.end("whole");
    response.writeHead(200, { "Content-Length": "100" });
    return response.write("half", () => request.socket.destroy());
  });
  const patience = patient();
  expect(await (await patience.fetch(`http://localhost:${port}/page.data`)).text()).toBe("whole");
  expect(asked).toBe(3);
  expect((await patience.fetch(`http://localhost:${port}/own.data`)).status).toBe(503);
});

test("what the page wants no more ends at once", async () => {
  const port = await freePort();
  const patience = patient();
  const leave = new AbortController();
  const answered = patience.fetch(`http://localhost:${port}/page.data`, { signal: leave.signal });
  await expect.poll(() => patience.waiting().reads).toBe(1);
  leave.abort();
  await expect(answered).rejects.toMatchObject({ name: "AbortError" });
  expect(patience.waiting().reads).toBe(0);
});
