import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { signStream } from "#tests/fakes/stream.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { cuttableProxy } from "../cuttable-proxy.ts";
import { startWeb } from "../server.ts";

const secret = "stream-secret";
const event = (type: string, fields: object = {}) => JSON.stringify({ type, ...fields });

test("the webhook door counts and times what it kept, knew, refused and could not keep", async () => {
  await using db = await testDatabase();
  await using line = await cuttableProxy(db.url);
  await using web = await startWeb(line, { settings: { STREAM_API_KEY: "key", STREAM_API_SECRET: secret } });
  const send = async (body: string, signature = signStream(body, secret)) => {
    const headers = { "content-type": "application/json", "x-signature": signature };
    return (await fetch(`${web.url}/api/webhook`, { method: "POST", headers, body })).status;
  };
  const counted = async () => {
    const lines = (await web.deps.metrics.metrics()).split("\n");
    const values = lines.flatMap((text) => {
      const found = /^convene_webhook_seconds_count\{outcome="(\w+)",reason="(\w*)"\} (\d+)$/.exec(text);
      return found === null ? [] : [[`${found[1]} ${found[2]}`.trim(), Number(found[3])] as const];
    });
    return Object.fromEntries(values);
  };
  const none = Object.fromEntries(Object.keys(await counted()).map((name) => [name, 0]));
  expect(await counted()).toEqual(none);

  const updated = event("call.updated", { call_cid: `default:${randomUUID()}` });
  expect([await send(updated), await send(updated), await send(updated)]).toEqual([200, 200, 200]);
  expect(await send(updated, "0".repeat(64))).toBe(401);
  expect(await send("no JSON")).toBe(400);
  expect(await send(event("call.session_started", { call: { custom: { meetingId: randomUUID() } } }))).toBe(404);
  expect(await send(" ".repeat(2_000_000))).toBe(413);
  line.cut();
  expect(await send(event("call.updated", { created_at: "2026-11-21T10:00:00Z" }))).toBe(503);
  line.mend();
  await expect.poll(counted).toEqual({
    ...none,
    stored: 1,
    duplicate: 2,
    failed: 1,
    "refused signature": 1,
    "refused body": 1,
    "refused unknown": 1,
    "refused size": 1,
  });
  // Of the same scrape: the web process's own statements.
  expect(await web.deps.metrics.metrics()).toMatch(/convene_database_query_seconds_count\{operation="insert"\} [1-9]/);
});
