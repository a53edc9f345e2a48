import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { startFakeVexa } from "./vexa.ts";
import type { FakeVexa } from "./vexa.ts";
import { vexaRequest } from "./vexa-webhooks.ts";

const meeting_url = "https://meet.google.com/abc-defg-hij";
const link = { platform: "google_meet", native_meeting_id: "abc-defg-hij" };

const client = (fake: FakeVexa) =>
  async function ask(method: "GET" | "POST" | "DELETE", path: string, body?: object, key = fake.apiKey) {
    const response = await fetch(`${fake.baseUrl}${path}`, {
      method,
      headers: { "x-api-key": key, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text.startsWith("{") ? JSON.parse(text) : text) as Record<string, unknown>,
    };
  };

test("only its key is let in, and a plan becomes a bot's meeting with its title", async () => {
  await using fake = await startFakeVexa();
  const ask = client(fake);
  expect((await ask("GET", "/meetings", undefined, "another")).status).toBe(401);
  const plan = await ask("POST", "/meetings", { title: "k1", meeting_url, auto_join: false });
  expect(plan).toMatchObject({ status: 201, body: { status: "idle", data: { title: "k1" } } });
  expect((await ask("POST", "/meetings", { title: "k2", meeting_url })).status).toBe(409);
  expect((await ask("POST", "/meetings", { meeting_url: "https://example.org" })).status).toBe(422);
  const sent = await ask("POST", "/bots", link);
  expect(sent).toMatchObject({
    status: 201,
    body: { id: plan.body["id"], status: "requested", data: { title: "k1" } },
  });
  expect((await ask("POST", "/bots", link)).status).toBe(409);
  expect(fake.bots).toHaveLength(1);
});

test("orders are refused as the gateway refuses them", async () => {
  await using fake = await startFakeVexa({ concurrentLimit: 1 });
  const ask = client(fake);
  const refused = async (more: object) => (await ask("POST", "/bots", { ...link, ...more })).status;
  expect(await refused({ platform: "webex" })).toBe(422);
  expect(await refused({ native_meeting_id: "abc?p=1" })).toBe(422);
  expect(await refused({ platform: "zoom", native_meeting_id: "123456789" })).toBe(422);
  fake.account.hasSpeech = false;
  expect(await refused({})).toBe(503);
  expect(await refused({ transcribe_enabled: false })).toBe(201);
  expect(await refused({ native_meeting_id: "xyz-abcd-efg", transcribe_enabled: false })).toBe(429);
});

test("open meetings are listed first, and heavy keys only of one", async () => {
  // The bot stays as it was asked for.
  await using fake = await startFakeVexa({ stepMs: 60_000 });
  const ask = client(fake);
  await ask("POST", "/bots", link);
  for (let count = 0; count < 3; count += 1) {
    fake.account.add({ platform: "zoom", native: String(count), meetingUrl: "", title: "plan" });
  }
  const { body } = await ask("GET", "/meetings?limit=2&offset=0");
  expect(body).toMatchObject({ has_more: true, meetings: [{ status: "requested" }, { status: "idle" }] });
  expect(JSON.stringify(body)).not.toContain("status_transition");
  expect((await ask("GET", "/meetings/1")).body).toMatchObject({ data: { status_transition: [{ to: "requested" }] } });
});

test("a bot is stopped by its meeting, and its recording lies behind the key", async () => {
  await using fake = await startFakeVexa({ stepMs: 1 });
  const ask = client(fake);
  await ask("POST", "/bots", link);
  const [bot] = fake.bots;
  bot?.join();
  expect((await ask("DELETE", "/meetings/1")).status).toBe(409);
  expect(await ask("DELETE", "/bots/google_meet/abc-defg-hij")).toMatchObject({ status: 200, body: { meeting_id: 1 } });
  await expect.poll(() => bot?.state()).toBe("completed");
  expect((await ask("DELETE", "/bots/google_meet/abc-defg-hij")).status).toBe(404);
  const { body } = await ask("GET", "/recordings/100/master?type=audio");
  expect((await ask("GET", String(body["raw_url"]), undefined, "another")).status).toBe(401);
  expect((await ask("GET", String(body["raw_url"]))).status).toBe(200);
  expect((await ask("DELETE", "/meetings/1")).status).toBe(204);
  expect((await ask("GET", "/recordings/100/master?type=audio")).status).toBe(404);
  expect((await ask("GET", "/transcripts/by-id/1")).status).toBe(404);
});

test("webhooks are signed over time and body, by one id for each event", () => {
  const { body, headers } = vexaRequest({ event_id: "evt_1" }, "secret", new Date(1_700_000_000_000));
  const expected = createHmac("sha256", "secret").update(`1700000000.${body}`).digest("hex");
  expect(headers).toMatchObject({ "x-webhook-timestamp": "1700000000", "x-webhook-signature": `sha256=${expected}` });
});
