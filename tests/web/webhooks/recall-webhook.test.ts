import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startFakeRecall } from "#tests/fakes/recall.ts";
import { recallRequest } from "#tests/fakes/recall-webhooks.ts";
import type { RecallPayload } from "#tests/fakes/recall-webhooks.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { parseWebEnv } from "#web/env.ts";
import { startWeb } from "../server.ts";

const secret = `whsec_${randomBytes(24).toString("base64")}`;
const recorderId = randomUUID();

async function door(settings: Record<string, string> = { RECALL_WEBHOOK_SECRET: secret }) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings });
  const url = `${web.url}/api/webhook/recall`;
  return {
    db,
    url,
    async post(body: string | Buffer, headers: Record<string, string>) {
      const response = await fetch(url, { method: "POST", headers, body: body as string });
      return { status: response.status, body: await response.json() };
    },
    async send(payload: RecallPayload, id = `msg_${randomUUID()}`) {
      const { body, headers } = recallRequest(payload, secret, { id });
      return this.post(body, headers);
    },
    rows: () => db.prisma.webhookDelivery.findMany({ orderBy: { id: "asc" } }),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const changed = (metadata: object | null = { recorderId, key: "k" }): RecallPayload => ({
  event: "bot.in_call_recording",
  data: {
    data: { code: "in_call_recording", sub_code: null, updated_at: "2026-11-28T10:00:00.123456Z" },
    bot: { id: "5603dea2-b633-4b35-995c-fec5415c8d00", metadata },
  },
});

test.each(["webhook", "svix"] as const)(
  "a change that is signed under the names of %s is kept once for its recorder, by the signed id",
  async (family) => {
    await using door1 = await door();
    const { body, headers } = recallRequest(changed(), secret, { id: "msg_1", family });
    for (let round = 0; round < 2; round += 1) {
      expect(await door1.post(body, headers)).toEqual({ status: 200, body: { status: "ok" } });
    }
    // Another try of the same delivery, a minute later.
    const later = recallRequest(changed(), secret, { id: "msg_1", family, at: new Date(Date.now() + 60_000) });
    expect((await door1.post(later.body, later.headers)).status).toBe(200);
    expect(await door1.send(changed(), "msg_2")).toMatchObject({ status: 200 });
    expect(await door1.rows()).toMatchObject(
      ["msg_1", "msg_2"].map((dedupeKey) => ({
        sender: "recall",
        subjectKind: "recorder",
        subjectId: recorderId,
        type: "bot.in_call_recording",
        state: "new",
        dedupeKey,
        occurredAt: new Date("2026-11-28T10:00:00.123Z"),
      })),
    );
  },
);

test("what Recall itself delivers is verified, twice and out of order too", async () => {
  await using door1 = await door();
  await using fake = await startFakeRecall({ webhookSecret: secret, stepMs: 1 });
  const hook = fake.webhook(door1.url, { repeat: 2, delayMs: (index) => (index === 0 ? 50 : 0) });
  const bot = fake.workspace.add({
    meeting_url: "https://acme.webex.com/meet/pat",
    metadata: { recorderId, "näme 😀": '～ \u2028 "quoted" \\' },
  });
  bot.join();
  bot.kick();
  await expect.poll(() => bot.state()).toBe("done");
  await hook.settled();
  expect(hook.deliveries.every(({ isDelivered }) => isDelivered)).toBe(true);
  const rows = await door1.rows();
  expect(rows).toHaveLength(hook.deliveries.length / 2);
  expect(new Set(rows.map(({ subjectId }) => subjectId))).toEqual(new Set([recorderId]));
});

test("one of several signatures is enough, as while a secret is replaced", async () => {
  await using door1 = await door();
  const { body, headers } = recallRequest(changed(), secret, { id: "msg_1" });
  const old = recallRequest(changed(), `whsec_${randomBytes(24).toString("base64")}`, { id: "msg_1" });
  const both = `${old.headers["webhook-signature"]} v2,unknown v1a,x ${headers["webhook-signature"]}`;
  expect(await door1.post(body, { ...headers, "webhook-signature": both })).toMatchObject({ status: 200 });
});

test("other news, and news of other people's bots, are kept and move nothing", async () => {
  await using door1 = await door();
  const others: RecallPayload[] = [
    changed(null),
    changed({ somebody: "else" }),
    changed({ recorderId: "' OR 1=1" }),
    { ...changed(), event: "recording.done" },
    { event: "bot.status_change", data: { bot_id: "1", status: { code: "done", created_at: "2026-11-28T10:00:00Z" } } },
    { event: "calendar.update", data: { calendar_id: "1" } },
    { event: "bot.done" },
  ];
  for (const payload of others) expect(await door1.send(payload)).toMatchObject({ status: 200 });
  const rows = await door1.rows();
  expect(rows.map(({ subjectId, state }) => [subjectId, state])).toEqual(others.map(() => [null, "ignored"]));
});

test("forged, altered and stale deliveries are refused and leave no row", async () => {
  await using door1 = await door();
  const id = "msg_1";
  const { body, headers } = recallRequest(changed(), secret, { id });
  const [timestamp, right] = [headers["webhook-timestamp"] ?? "", headers["webhook-signature"] ?? ""];
  const inMinutes = (minutes: number) =>
    recallRequest(changed(), secret, { id, at: new Date(Date.now() + minutes * 60_000) });
  const byLetters = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  const svix = recallRequest(changed(), secret, { id, family: "svix" });
  const tries: [string, Record<string, string>][] = [
    [body, {}],
    [body, { ...headers, "webhook-signature": "" }],
    [body, { ...headers, "webhook-signature": "v1," }],
    [body, { ...headers, "webhook-signature": right.slice(0, -2) }],
    [body, { ...headers, "webhook-signature": right.replace("v1,", "v2,") }],
    // Under the secret's letters in place of the bytes that they stand for.
    [body, { ...headers, "webhook-signature": `v1,${byLetters}` }],
    [body, { ...headers, "webhook-id": "msg_2" }],
    [body, { ...headers, "webhook-id": "" }],
    [body, { ...headers, "webhook-timestamp": String(Number(timestamp) + 1) }],
    [body, { ...headers, "webhook-timestamp": "soon" }],
    [body, inMinutes(-6).headers],
    [body, inMinutes(6).headers],
    [body.replace(recorderId, randomUUID()), headers],
    [`${body} `, headers],
    // One name of a family does not borrow the others of the other.
    [body, { "webhook-id": id, "svix-timestamp": timestamp, "svix-signature": right }],
    [svix.body, { ...svix.headers, "webhook-id": "msg_2" }],
    [body, recallRequest(changed(), secret, { id: "x".repeat(201) }).headers],
    [body, recallRequest(changed(), `whsec_${randomBytes(24).toString("base64")}`, { id }).headers],
  ];
  for (const [text, sent] of tries) {
    expect(await door1.post(text, sent)).toEqual({ status: 401, body: { error: "Invalid signature" } });
  }
  expect(await door1.rows()).toEqual([]);
});

test("bytes that are no text are not taken for the text that they look like", async () => {
  await using door1 = await door();
  const bytes = Buffer.concat([Buffer.from('{"event":"bot.done","x":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  // Signed as the library would: over the text with U+FFFD in the broken byte's place.
  const { headers } = recallRequest({ event: "bot.done", x: "\ufffd" }, secret, { id: "msg_1" });
  expect((await door1.post(bytes, headers)).status).toBe(401);
});

test("bodies that are none are refused with 4xx, signed or not, and never break anything", async () => {
  await using door1 = await door();
  const { headers } = recallRequest({}, secret, { id: "msg_1" });
  for (const body of ["", "{", "null", "[".repeat(60_000), Buffer.from([0xff, 0xfe, 0x00])]) {
    expect((await door1.post(body, headers)).status).toBe(401);
  }
  expect((await door1.post(" ".repeat(200_000), headers)).status).toBe(413);
  for (const payload of [{}, { event: 7 }, { event: "" }, { event: "a\u0000b" }, { event: "x".repeat(101) }]) {
    expect(await door1.send(payload)).toEqual({ status: 400, body: { error: "Invalid body" } });
  }
  const polluting = { ...changed(), data: { data: { updated_at: "yesterday" }, bot: { metadata: { recorderId } } } };
  expect(await door1.send(polluting)).toMatchObject({ status: 200 });
  expect(await door1.rows()).toMatchObject([{ subjectId: recorderId, occurredAt: null }]);
});

test("a secret that is none keeps the server from starting, and without one nothing is taken", async () => {
  await using door1 = await door({});
  expect(await door1.send(changed())).toEqual({
    status: 404,
    body: { error: "Recall.ai's webhooks are not set up on this server" },
  });
  const settings = { DATABASE_URL: door1.db.url, CONVENE_SECRET: "x".repeat(32) };
  for (const wrong of ["secret", "whsec_", "whsec_not base64!"]) {
    expect(() => parseWebEnv({ ...settings, RECALL_WEBHOOK_SECRET: wrong })).toThrow(/RECALL_WEBHOOK_SECRET/);
  }
});
