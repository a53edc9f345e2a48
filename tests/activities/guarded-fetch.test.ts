import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createAddressRule } from "#activities/clients/address-rule.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { hostileAddresses, hostileNames } from "./hostile-addresses.ts";

let answer: RequestListener = (_request, response) => response.end("hello");
let server: Server;
let canary: Server;
let origin = "";
let canaryPort = 0;
const seen: { connections: number; cookies: (string | undefined)[] } = { connections: 0, cookies: [] };
let attempts = 0;
const countAttempt = () => (attempts += 1);

beforeAll(async () => {
  server = await listen((request, response) => {
    seen.cookies.push(request.headers.cookie);
    answer(request, response);
  }, "127.0.0.1");
  // Every address of this machine, so that 0.0.0.0, 127.0.0.53 and [::1] would reach it too.
  canary = await listen((_request, response) => response.end("secret"), undefined);
  canary.on("connection", () => (seen.connections += 1));
  origin = `http://127.0.0.1:${portOf(server)}`;
  canaryPort = portOf(canary);
  subscribe("undici:client:beforeConnect", countAttempt);
});
beforeEach(() => {
  answer = (_request, response) => response.end("hello");
  Object.assign(seen, { connections: 0, cookies: [] });
  attempts = 0;
});
afterAll(() => {
  unsubscribe("undici:client:beforeConnect", countAttempt);
  for (const each of [server, canary]) {
    each.closeAllConnections();
    each.close();
  }
});

async function listen(listener: RequestListener, host: string | undefined) {
  const made = createServer(listener);
  await new Promise<void>((resolve) => made.listen(0, host, resolve));
  return made;
}
const portOf = (each: Server) => (each.address() as AddressInfo).port;

const resolveHostile = async (host: string) => hostileNames[host] ?? ["127.0.0.1"];
const usual = { mostBytes: 1000, deadlineMs: 10_000, redirects: 0 };
const own = () => ({ ...usual, operatorUrl: origin });
const guarded = createGuardedFetch({ allow: [], resolve: resolveHostile });

async function read(...given: Parameters<typeof guarded>) {
  await using response = await guarded(...given);
  return { url: response.url, status: response.status, text: await textOf(response.body) };
}
async function textOf(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    (value) => `let through: ${JSON.stringify(value)}`,
    (error: { reason?: string }) => error.reason ?? error,
  );

async function outcomes(addresses: string[], ask: (address: string) => Promise<unknown>) {
  const found: Record<string, unknown> = {};
  for (const address of addresses) {
    const reason = await reasonOf(ask(address));
    if (reason !== "refused") found[address] = reason;
  }
  return found;
}

test("hostile addresses are refused before anything is connected", async () => {
  const addresses = hostileAddresses(canaryPort);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(addresses.length).toBeGreaterThan(190);
  expect(await outcomes(addresses, (address) => read(address, usual))).toEqual({});
  expect({ attempts, connections: seen.connections }).toEqual({ attempts: 0, connections: 0 });
});

test("a redirect to a hostile address is refused like the address itself", async () => {
  // Without a scheme an address is relative: it stays on the origin that said it.
  const addresses = hostileAddresses(canaryPort).filter((address) => /^[a-z:]+\/\//i.test(address));
  expect(addresses.length).toBeGreaterThan(170);
  const redirected = (address: string) => {
    answer = (_request, response) => response.writeHead(302, { location: encodeURI(address) }).end();
    return read(origin, { ...own(), redirects: 5 });
  };
  expect(await outcomes(addresses, redirected)).toEqual({});
  expect({ attempts, connections: seen.connections }).toEqual({ attempts: addresses.length, connections: 0 });
});

test("what an operator opens is fetched, and the canary sees it", async () => {
  const open = createGuardedFetch({ allow: ["127.0.0.0/8", "::1/128"], resolve: resolveHostile });
  for (const host of ["loopback.test", "mapped.test", "127.1", "[::ffff:127.0.0.1]"]) {
    await using response = await open(`http://${host}:${canaryPort}/`, usual);
    expect(await textOf(response.body)).toBe("secret");
  }
  expect({ attempts, connections: seen.connections }).toEqual({ attempts: 4, connections: 4 });
  for (const host of ["private.test", "zone.test", "private-in-four.test", "169.254.169.254"]) {
    expect(await reasonOf(open(`http://${host}:${canaryPort}/`, usual))).toBe("refused");
  }
});

test("global addresses pass the rule, and an opened range ends at its edges", () => {
  const isAllowed = createAddressRule(["10.1.0.0/16", "fd00:1::/32"]);
  for (const address of [
    "8.8.8.8",
    "93.184.215.14",
    "100.63.255.255",
    "172.32.0.1",
    "2606:4700::6810:84e5",
    "2a00::1",
  ]) {
    expect(`${address} ${isAllowed(address)}`).toBe(`${address} true`);
  }
  for (const address of ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "fd00:1::1", "fd00:1:ffff::1"]) {
    expect(`${address} ${isAllowed(address)}`).toBe(`${address} true`);
  }
  for (const address of ["10.0.255.255", "10.2.0.0", "::ffff:10.2.0.0", "fd00:2::1", "fd00::1"]) {
    expect(`${address} ${isAllowed(address)}`).toBe(`${address} false`);
  }
});

test("a name is asked for once, and the connection goes where the check looked", async () => {
  const asked: string[] = [];
  const rebinding = async (host: string) => {
    asked.push(host);
    return asked.length === 1 ? ["127.0.0.1"] : ["169.254.169.254"];
  };
  const open = createGuardedFetch({ allow: ["127.0.0.1/32"], resolve: rebinding });
  const { port } = new URL(origin);
  await using response = await open(`http://rebinding.test:${port}/`, usual);
  expect(await textOf(response.body)).toBe("hello");
  expect(asked).toEqual(["rebinding.test"]);
  expect(await reasonOf(open(`http://rebinding.test:${port}/`, usual))).toBe("refused");
});

test("a redirect to the same name is resolved and checked anew", async () => {
  const answers = [["127.0.0.1"], ["169.254.169.254"]];
  const open = createGuardedFetch({ allow: ["127.0.0.1/32"], resolve: async () => answers.shift() ?? [] });
  const { port } = new URL(origin);
  answer = (_request, response) => response.writeHead(302, { location: "/next" }).end();
  expect(await reasonOf(open(`http://rebinding.test:${port}/`, { ...usual, redirects: 5 }))).toBe("refused");
  expect(attempts).toBe(1);
});

test("a resolver that fails or never answers lets nothing through", async () => {
  const failing = createGuardedFetch({ allow: ["0.0.0.0/0"], resolve: () => Promise.reject(new Error("SERVFAIL")) });
  expect(await reasonOf(failing("http://name.test/", usual))).toBe("unreachable");
  const hanging = createGuardedFetch({ allow: ["0.0.0.0/0"], resolve: () => new Promise(() => {}) });
  expect(await reasonOf(hanging("http://name.test/", { ...usual, deadlineMs: 50 }))).toBe("timed_out");
  expect(attempts).toBe(0);
});

test("the system's resolver is asked where none is given, and what it says is checked", async () => {
  expect(await reasonOf(createGuardedFetch({ allow: [] })(`http://localhost:${canaryPort}/`, usual))).toBe("refused");
  const open = createGuardedFetch({ allow: ["127.0.0.1/32", "::1/128"] });
  await using response = await open(`http://localhost:${canaryPort}/`, usual);
  expect(await textOf(response.body)).toBe("secret");
});

test("an operator's own origin is let through, another port of the same machine is not", async () => {
  expect(await read(`${origin}/file`, own())).toEqual({ url: `${origin}/file`, status: 200, text: "hello" });
  expect(await reasonOf(read(`http://127.0.0.1:${canaryPort}/`, own()))).toBe("refused");
  expect(await reasonOf(read(origin.replace("http:", "https:"), own()))).toBe("refused");
  expect(seen.connections).toBe(0);
});

test("redirects are followed up to their limit, and nothing is carried from one to the next", async () => {
  answer = ({ url }, response) => {
    const step = Number(url?.slice(1));
    if (step === 0) return response.end("arrived");
    const headers = { location: `/${step - 1}`, "set-cookie": "a=1; Path=/" };
    return response.writeHead([301, 302, 303, 307, 308][step % 5] ?? 302, headers).end("elsewhere");
  };
  expect(await read(`${origin}/5`, { ...own(), redirects: 5 })).toMatchObject({ url: `${origin}/0`, text: "arrived" });
  expect(seen.cookies).toEqual(Array.from({ length: 6 }));
  expect(await reasonOf(read(`${origin}/6`, { ...own(), redirects: 5 }))).toBe("redirected");
  expect(await reasonOf(read(`${origin}/1`, own()))).toBe("redirected");
});

test("an answer that is no redirect is handed over as it is", async () => {
  answer = (_request, response) => response.writeHead(404, { "x-why": "gone" }).end("no");
  await using response = await guarded(origin, own());
  expect(response.status).toBe(404);
  expect(response.headers.get("x-why")).toBe("gone");
  answer = (_request, each) => each.writeHead(302).end("no location");
  expect(await read(origin, own())).toMatchObject({ status: 302, text: "no location" });
});

test("bytes are counted up to the limit, whether the length is said or not", async () => {
  answer = (_request, response) => response.end(Buffer.alloc(1000));
  expect((await read(origin, own())).text).toHaveLength(1000);
  answer = (_request, response) => response.end(Buffer.alloc(1001));
  expect(await reasonOf(read(origin, own()))).toBe("too_large");
  answer = (_request, response) => {
    response.write(Buffer.alloc(600));
    response.end(Buffer.alloc(401));
  };
  expect(await reasonOf(read(origin, own()))).toBe("too_large");
});

test("bytes are counted after decompression, and a bomb is not blown up", async () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000));
  answer = (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  await using response = await guarded(origin, { ...own(), mostBytes: 1_000_000 });
  const before = process.memoryUsage().arrayBuffers;
  let bytes = 0;
  const reading = (async () => {
    for await (const chunk of response.body) bytes += chunk.length;
  })();
  expect(await reasonOf(reading)).toBe("too_large");
  expect(bytes).toBeLessThanOrEqual(1_000_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  const small = gzipSync("hello ".repeat(100));
  answer = (_request, each) => each.writeHead(200, { "content-encoding": "gzip" }).end(small);
  expect((await read(origin, own())).text).toHaveLength(600);
});

test("a server that hangs, drips or holds its body back ends at the deadline", async () => {
  const soon = () => ({ ...own(), deadlineMs: 300 });
  answer = () => {};
  expect(await reasonOf(read(origin, soon()))).toBe("timed_out");
  answer = (_request, response) => {
    const drip = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(drip));
  };
  expect(await reasonOf(read(origin, soon()))).toBe("timed_out");
  answer = (_request, response) => response.writeHead(200, { "content-length": "100" }).flushHeaders();
  expect(await reasonOf(read(origin, soon()))).toBe("timed_out");
  answer = (_request, response) => response.writeHead(302, { location: "/again" }).end();
  expect(await reasonOf(read(origin, { ...soon(), redirects: 1e9 }))).toBe("timed_out");
});

test("a body cut short is not taken for whole", async () => {
  answer = (_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    response.socket?.end();
  };
  expect(await reasonOf(read(origin, own()))).toBe("broken");
  answer = (_request, response) => {
    response.write("half a chunked body");
    response.socket?.end();
  };
  expect(await reasonOf(read(origin, own()))).toBe("broken");
  answer = (request) => request.socket.end("SMTP ready\r\n");
  expect(await reasonOf(read(origin, own()))).toBe("unreachable");
});

test("an abort ends it with the abort's own reason, before and within the body", async () => {
  const reason = new Error("cancelled by a person");
  await expect(guarded(origin, { ...own(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const abort = new AbortController();
  answer = (_request, response) => void response.write("first");
  await using response = await guarded(origin, { ...own(), signal: abort.signal });
  const reading = (async () => {
    for await (const _chunk of response.body) abort.abort(reason);
  })();
  await expect(reading).rejects.toBe(reason);
});

test("an abort while the resolver is being asked ends it too", async () => {
  const reason = new Error("cancelled by a person");
  const abort = new AbortController();
  const resolve = () => {
    abort.abort(reason);
    return new Promise<string[]>(() => {});
  };
  const asking = createGuardedFetch({ allow: [], resolve })("http://name.test/", { ...usual, signal: abort.signal });
  await expect(asking).rejects.toBe(reason);
});

test("a response that is not read through leaves no connection behind", async () => {
  answer = (_request, response) => void response.write("first");
  {
    await using response = await guarded(origin, own());
    expect(response.status).toBe(200);
  }
  const open = () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));
  await expect.poll(open).toBe(0);
});
