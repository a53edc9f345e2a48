import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startFakeVexa } from "#tests/fakes/vexa.ts";
import { vexaRequest } from "#tests/fakes/vexa-webhooks.ts";
import type { VexaPayload } from "#tests/fakes/vexa-webhooks.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { parseWebEnv } from "#web/env.ts";
import { startWeb } from "../server.ts";

const secret = randomBytes(24).toString("hex");
const recorderId = randomUUID();
const title = `convene:${recorderId}:1`;

async function door(settings: Record<string, string> = { VEXA_WEBHOOK_SECRET: secret }) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings });
  const url = `${web.url}/api/webhook/vexa`;
  return {
    db,
    url,
    async post(body: string | Buffer, headers: Record<string, string>) {
      const response = await fetch(url, { method: "POST", headers, body: body as string });
      return { status: response.status, body: await response.json() };
    },
    async send(payload: VexaPayload) {
      const { body, headers } = vexaRequest(payload, secret);
      return this.post(body, headers);
    },
    rows: () => db.prisma.webhookDelivery.findMany({ orderBy: { id: "asc" } }),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const changed = (meeting: object = { id: 7, status: "active", data: { title } }): VexaPayload => ({
  event_id: `evt_${randomUUID()}`,
  event_type: "meeting.status_change",
  api_version: "2026-03-01",
  created_at: "2026-11-28T10:00:00.123Z",
  data: { meeting, status_change: { old_status: "joining", new_status: "active" } },
});

test("a signed change is kept once for its recorder, by the signed id of the event", async () => {
  await using door1 = await door();
  const payload = changed();
  expect(await door1.send(payload)).toEqual({ status: 200, body: { status: "ok" } });
  // Another try, signed a minute later.
  const later = vexaRequest(payload, secret, new Date(Date.now() + 60_000));
  expect((await door1.post(later.body, later.headers)).status).toBe(200);
  expect(await door1.rows()).toMatchObject([
    {
      sender: "vexa",
      subjectKind: "recorder",
      subjectId: recorderId,
      type: "meeting.status_change",
      state: "new",
      dedupeKey: payload["event_id"],
      occurredAt: new Date("2026-11-28T10:00:00.123Z"),
    },
  ]);
});

test("what Vexa itself delivers is verified, twice and out of order too, and no secret is kept", async () => {
  await using door1 = await door();
  await using fake = await startFakeVexa({ webhookSecret: secret, stepMs: 1 });
  const hook = fake.webhook(door1.url, { repeat: 2, delayMs: (index) => (index === 0 ? 50 : 0) });
  const place = { platform: "google_meet", native: "abc-defg-hij", meetingUrl: "https://meet.google.com/abc-defg-hij" };
  const bot = fake.account.add({ ...place, title });
  bot.spawn({});
  bot.join();
  bot.say("Zoë 😀", "～ \u2028", [0, 1]);
  bot.kick();
  await hook.settled();
  expect(hook.deliveries.every(({ isDelivered }) => isDelivered)).toBe(true);
  const rows = await door1.rows();
  expect(rows).toHaveLength(hook.deliveries.length / 2);
  expect(new Set(rows.map(({ subjectId }) => subjectId))).toEqual(new Set([recorderId]));
  expect(JSON.stringify(rows)).not.toContain(secret);
});

test("other news, and news of other people's meetings, are kept and move nothing", async () => {
  await using door1 = await door();
  const others: VexaPayload[] = [
    changed({ id: 7, data: { title: "Q3 kickoff" } }),
    changed({ id: 7, data: {} }),
    changed({ id: 7, title: "convene:' OR 1=1:1" }),
    changed({ id: 7, title: `convene:${recorderId}` }),
    { ...changed(), event_type: "recording.ready" },
    { event_id: "evt_1", event_type: "meeting.completed" },
  ];
  for (const payload of others) expect(await door1.send(payload)).toMatchObject({ status: 200 });
  const rows = await door1.rows();
  expect(rows.map(({ subjectId, state }) => [subjectId, state])).toEqual(others.map(() => [null, "ignored"]));
});

test("forged, altered and stale deliveries are refused and leave no row", async () => {
  await using door1 = await door();
  const payload = changed();
  const { body, headers } = vexaRequest(payload, secret);
  const right = headers["x-webhook-signature"];
  const at = headers["x-webhook-timestamp"];
  const inMinutes = (minutes: number) => vexaRequest(payload, secret, new Date(Date.now() + minutes * 60_000)).headers;
  const ofBodyAlone = createHmac("sha256", secret).update(body).digest("hex");
  const tries: [string, Record<string, string>][] = [
    [body, {}],
    // The secret itself, which Vexa sends along, is no proof.
    [body, { authorization: `Bearer ${secret}` }],
    [body, { ...headers, "x-webhook-signature": "" }],
    [body, { ...headers, "x-webhook-signature": "sha256=" }],
    [body, { ...headers, "x-webhook-signature": right.slice("sha256=".length) }],
    [body, { ...headers, "x-webhook-signature": right.toUpperCase() }],
    [body, { ...headers, "x-webhook-signature": `sha256=${ofBodyAlone}` }],
    [body, { ...headers, "x-webhook-timestamp": "" }],
    [body, { ...headers, "x-webhook-timestamp": String(Number(at) + 1) }],
    [body, { ...headers, "x-webhook-timestamp": `${at}.0` }],
    [body, { ...headers, "x-webhook-timestamp": "soon" }],
    [body, inMinutes(-6)],
    [body, inMinutes(6)],
    [body.replace(recorderId, randomUUID()), headers],
    [`${body} `, headers],
    [body, vexaRequest(payload, randomBytes(24).toString("hex")).headers],
  ];
  for (const [text, sent] of tries) {
    expect(await door1.post(text, sent)).toEqual({ status: 401, body: { error: "Invalid signature" } });
  }
  expect(await door1.rows()).toEqual([]);
});

test("bodies that are none are refused with 4xx, signed or not, and never break anything", async () => {
  await using door1 = await door();
  const { headers } = vexaRequest({}, secret);
  for (const body of ["", "{", "null", "[".repeat(60_000), Buffer.from([0xff, 0xfe, 0x00])]) {
    expect((await door1.post(body, headers)).status).toBe(401);
  }
  expect((await door1.post(" ".repeat(2_000_000), headers)).status).toBe(413);
  const wrong: VexaPayload[] = [
    {},
    { event_type: "meeting.completed" },
    { ...changed(), event_id: 7 },
    { ...changed(), event_id: "" },
    { ...changed(), event_id: "a\u0000b" },
    { ...changed(), event_id: "x".repeat(201) },
    { ...changed(), event_type: "x".repeat(101) },
  ];
  for (const payload of wrong) {
    expect(await door1.send(payload)).toEqual({ status: 400, body: { error: "Invalid body" } });
  }
  expect(
    await door1.send({ ...changed(), created_at: "yesterday", data: { meeting: { data: { title } } } }),
  ).toMatchObject({
    status: 200,
  });
  expect(await door1.rows()).toMatchObject([{ subjectId: recorderId, occurredAt: null }]);
});

test("a secret that is none keeps the server from starting, and without one nothing is taken", async () => {
  await using door1 = await door({});
  expect(await door1.send(changed())).toEqual({
    status: 404,
    body: { error: "Vexa's webhooks are not set up on this server" },
  });
  const settings = { DATABASE_URL: door1.db.url, CONVENE_SECRET: "x".repeat(32) };
  expect(() => parseWebEnv({ ...settings, VEXA_WEBHOOK_SECRET: "short" })).toThrow(/VEXA_WEBHOOK_SECRET/);
});
