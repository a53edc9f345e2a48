import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { limitConnections } from "#web/http/connection-limit.ts";
import { startWeb } from "./server.ts";

/** A connection as far as the limit looks at one. */
class Connection extends EventEmitter {
  isDestroyed = false;
  readonly remoteAddress: string | undefined;
  constructor(remoteAddress: string | undefined) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy() {
    this.isDestroyed = true;
    this.emit("close");
  }
}

test("an address holds so many connections at once, counted by subscriber; the machine itself any number", () => {
  const server = new EventEmitter();
  limitConnections(server, 2);
  const connect = (address: string | undefined) => {
    const connection = new Connection(address);
    server.emit("connection", connection);
    return connection;
  };
  const isKept = (address: string) => !connect(address).isDestroyed;
  const first = connect("203.0.113.7");
  expect(isKept("203.0.113.7")).toBe(true);
  expect(isKept("203.0.113.7")).toBe(false);
  expect(isKept("::ffff:203.0.113.7")).toBe(false);
  expect(isKept("203.0.113.8")).toBe(true);
  first.destroy();
  expect(isKept("::ffff:203.0.113.7")).toBe(true);
  expect(isKept("203.0.113.7")).toBe(false);
  // Of IPv6, a subscriber holds a whole /64.
  expect(["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"].map(isKept)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  for (const own of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
    expect([own, isKept(own), isKept(own), isKept(own)]).toEqual([own, true, true, true]);
  }
});

test("pages have a rate of their own for each address, and say so in a page; assets and the API have not", async () => {
  await using db = await testDatabase();
  const settings = { NODE_ENV: "production", TRUST_PROXY: "1", PAGE_RATE_PER_MINUTE: "5" };
  await using web = await startWeb(db, { settings });
  const get = (path: string, address: string, accept = "text/html") =>
    fetch(`${web.url}${path}`, { headers: { accept, "x-forwarded-for": address }, redirect: "manual" });
  const statuses = [];
  for (let turn = 0; turn < 8; turn += 1) statuses.push((await get("/sign-in", "203.0.113.7")).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(2);
  const refused = await get("/sign-in", "203.0.113.7");
  expect([refused.status, refused.headers.get("content-type")]).toEqual([429, "text/html; charset=utf-8"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.text()).toContain("Too many requests. Try again in");
  const data = await get("/sign-in.data", "203.0.113.7", "*/*");
  expect([data.status, data.headers.get("content-type")]).toEqual([429, "application/problem+json; charset=utf-8"]);
  expect((await get("/sign-in", "203.0.113.8")).status).not.toBe(429);
  expect((await get("/icon.svg", "203.0.113.7")).status).toBe(200);
  expect((await get("/api/recordings", "203.0.113.7")).status).toBe(401);
});
