import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { hostileWeb, signUpAt } from "./hostile-web.ts";
import { head, sendRaw, upgradeHeaders } from "./raw-http.ts";

const db = await testDatabase();
const web = await hostileWeb(db);
afterAll(async () => {
  await web.stop();
  await db[Symbol.asyncDispose]();
});

test("an upgrade whose address cannot be read is answered 400, one to an unknown path 404, and closed at once", async () => {
  const targets: [string, number][] = [
    ["//[", 400],
    ["http://[/", 400],
    ["//a:99999999/ws/x", 400],
    ["//evil.example/ws/meeting/x", 400],
    ["/\\evil.example/ws/meeting/x", 400],
    ["/", 404],
    ["/ws/", 404],
    ["/ws/nothing", 404],
    ["/recordings", 404],
    ["/socket.io", 404],
    ["/%00", 404],
    ["/socket.io/?EIO=4&transport=nothing", 400],
    ["/socket.io/?EIO=4&transport=websocket&sid=__proto__", 400],
  ];
  for (let turn = 0; turn < 10; turn += 1) {
    for (const [target, status] of targets) {
      const answer = await sendRaw(web.url, [head(`GET ${target} HTTP/1.1`, upgradeHeaders(web.host))]);
      expect([target, answer.status, answer.isClosed]).toEqual([target, status, true]);
    }
  }
  expect(await web.health()).toEqual({ status: "ok" });
});

test("a reset at any moment of an upgrade ends nothing but its connection", async () => {
  for (const target of ["/nowhere", "/ws/meeting/x", "/ws/practice/x", "/socket.io/?EIO=4&transport=websocket"]) {
    for (let turn = 0; turn < 10; turn += 1) {
      const bytes = head(`GET ${target} HTTP/1.1`, upgradeHeaders(web.host));
      await sendRaw(web.url, [bytes], { ending: "reset" });
      await sendRaw(web.url, [bytes, randomBytes(64)], { ending: "reset" });
    }
  }
  expect(web.child.exitCode).toBe(null);
  expect(await web.health()).toEqual({ status: "ok" });
});

test("an offer of HTTP/2 is passed over, as curl makes it", async () => {
  const offer = [
    ["Host", web.host],
    ["Connection", "Upgrade, HTTP2-Settings, close"],
    ["Upgrade", "h2c"],
    ["HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA"],
  ] as const;
  const answer = await sendRaw(web.url, [head("GET /healthz HTTP/1.1", offer)]);
  expect(answer.status).toBe(200);
});

test("a form whose parts have broken heads, one or many, is answered 400 each time", async () => {
  const person = await signUpAt(web.url);
  const broken = "--x\r\nContent-Disposition form-data; name=file\r\n\r\nabc\r\n";
  const bodies = [
    `${broken}--x--\r\n`,
    `${broken.repeat(2)}--x--\r\n`,
    broken.repeat(50),
    `--x\r\n: \r\n\r\n\r\n--x\r\n\0: \r\n\r\n`,
  ];
  for (let turn = 0; turn < 10; turn += 1) {
    for (const body of bodies) {
      const answer = await fetch(`${web.url}/api/recordings`, {
        method: "POST",
        headers: { ...person, "content-type": "multipart/form-data; boundary=x" },
        body,
      });
      expect([body.length, answer.status]).toEqual([body.length, 400]);
      expect(await answer.json()).toMatchObject({ status: 400 });
    }
  }
  expect(web.child.exitCode).toBe(null);
  expect(await web.health()).toEqual({ status: "ok" });
});

test("targets and hosts in every form that HTTP has are served, or refused as the sender's mistake", async () => {
  const ask = async (line: string, headers: readonly (readonly [string, string])[]) => {
    const { status, text } = await sendRaw(web.url, [head(line, [...headers, ["Connection", "close"]])]);
    return [status, /^Allow: (.*)$/im.exec(text)?.[1]?.trim()];
  };
  const own = [["Host", web.host]] as const;
  const methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
  for (const method of ["TRACE", "PROPFIND", "LINK"]) {
    expect([method, ...(await ask(`${method} /healthz HTTP/1.1`, own))]).toEqual([method, 405, methods]);
  }
  expect(await ask("OPTIONS * HTTP/1.1", own)).toEqual([204, methods]);
  expect(await ask("OPTIONS /healthz HTTP/1.1", own)).toEqual([204, "GET, HEAD, OPTIONS"]);
  const healthy = [
    "GET /healthz HTTP/1.1",
    `GET http://${web.host}/healthz HTTP/1.1`,
    "GET HTTP://other:1/healthz?x HTTP/1.1",
  ];
  for (const line of healthy) expect([line, ...(await ask(line, own))]).toEqual([line, 200, undefined]);
  expect(await ask("GET /healthz HTTP/1.0", [])).toEqual([200, undefined]);
  const unreadable = ["GET * HTTP/1.1", "GET /%E0%A4%A HTTP/1.1"];
  for (const line of unreadable) expect([line, ...(await ask(line, own))]).toEqual([line, 400, undefined]);
  for (const host of ["[", "a b", "x:99999999", "a/b", "a@b", "é"]) {
    expect([host, ...(await ask("GET /healthz HTTP/1.1", [["Host", host]]))]).toEqual([host, 400, undefined]);
  }
});
