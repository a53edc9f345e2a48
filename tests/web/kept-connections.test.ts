import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { createHttpServer } from "#web/http/http-server.ts";
import { startWeb } from "./server.ts";

/** A server that answers when it is let to, and requests on one connection that is kept, as a proxy's is. */
async function keptConnection() {
  const { server, close } = createHttpServer();
  let gate = Promise.withResolvers<void>();
  const arrived: string[] = [];
  server.on("request", (request, response) => {
    arrived.push(request.url ?? "");
    void gate.promise.then(() => response.end("whole"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close,
    arrived,
    /** What came of a request: the answer's words and its `Connection`, or an error's code. */
    ask: (path: string) =>
      new Promise<string>((resolve) => {
        const asked = get({ port, host: "127.0.0.1", path, agent }, (answer) => {
          let words = "";
          answer.on("data", (chunk: Buffer) => (words += chunk.toString()));
          answer.on("end", () => resolve(`${words}, ${answer.headers.connection}`));
        });
        asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      }),
    open: () => gate.resolve(),
    shut: () => (gate = Promise.withResolvers<void>()),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

test("a server that closes ends a kept connection after the request under way, and cuts none that follow it", async () => {
  using at = await keptConnection();
  at.open();
  expect(await at.ask("/before")).toBe("whole, keep-alive");
  at.shut();
  const underWay = at.ask("/under-way");
  await expect.poll(() => at.arrived).toContain("/under-way");
  // It waits for the one connection, and then has to find another server.
  const next = at.ask("/next");
  const closed = at.close();
  at.open();
  expect(await underWay).toBe("whole, close");
  expect(await next).toBe("ECONNREFUSED");
  await closed;
  expect(at.arrived).toEqual(["/before", "/under-way"]);
});

test("behind a proxy idle connections are kept for longer than a proxy keeps them, so that it asks on none that was closed", async () => {
  await using db = await testDatabase();
  const keptSeconds = async (settings: Record<string, string>) => {
    await using web = await startWeb(db, { settings });
    const { headers } = await fetch(`${web.url}/healthz`);
    return Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1]);
  };
  const caddyfile = await readFile(new URL("../../deploy/Caddyfile", import.meta.url), "utf8");
  const ofCaddy = Number(/^\s*keepalive (\d+)s$/m.exec(caddyfile)?.[1]);
  const behindProxy = await keptSeconds({ TRUST_PROXY: "1" });
  expect(behindProxy).toBeGreaterThan(ofCaddy);
  // nginx and the load balancers of clouds, unless they are told otherwise.
  expect(behindProxy).toBeGreaterThan(60);
  expect(await keptSeconds({})).toBeLessThan(10);
});
