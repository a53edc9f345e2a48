import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import { attendeeRequest, signAttendee, stateChange } from "#tests/fakes/attendee-webhooks.ts";
import type { AttendeePayload } from "#tests/fakes/attendee-webhooks.ts";
import { pythonSigned } from "#tests/fakes/python-json.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { parseWebEnv } from "#web/env.ts";
import { startWeb } from "../server.ts";

const secret = randomBytes(32).toString("base64");
const recorderId = randomUUID();

async function door(settings: Record<string, string> = { ATTENDEE_WEBHOOK_SECRET: secret }) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings });
  const url = `${web.url}/api/webhook/attendee`;
  return {
    db,
    web,
    url,
    async post(body: string | Buffer, signature: string | null) {
      const signed: Record<string, string> = signature === null ? {} : { "x-webhook-signature": signature };
      const headers = { "content-type": "application/json", ...signed };
      const response = await fetch(url, { method: "POST", headers, body: body as string });
      return { status: response.status, body: await response.json() };
    },
    async send(payload: AttendeePayload, key = secret) {
      const { body, headers } = attendeeRequest(payload, key);
      return this.post(body, headers["x-webhook-signature"]);
    },
    rows: () => db.prisma.webhookDelivery.findMany({ orderBy: { id: "asc" } }),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const joined = (metadata: AttendeePayload | null = { recorderId, key: "k" }): AttendeePayload => ({
  ...stateChange(
    { id: "bot_1", metadata: null },
    {
      type: "joined_meeting",
      sub_type: null,
      created_at: new Date("2026-11-28T10:00:00.123Z"),
      oldState: "joining",
      newState: "joined_not_recording",
      metadata: {},
    },
  ),
  bot_metadata: metadata,
});

test("a signed change of a bot's state is kept for its recorder, and a repeat of it is known", async () => {
  await using door1 = await door();
  const payload = joined();
  expect(await door1.send(payload)).toEqual({ status: 200, body: { status: "ok" } });
  expect(await door1.send(payload)).toMatchObject({ status: 200 });
  // The same delivery in another spelling is the same delivery.
  expect(await door1.post(pythonSigned(payload), signAttendee(payload, secret))).toMatchObject({ status: 200 });
  const rows = await door1.rows();
  expect(rows).toMatchObject([
    {
      sender: "attendee",
      subjectKind: "recorder",
      subjectId: recorderId,
      type: "bot.state_change",
      state: "new",
      dedupeKey: payload["idempotency_key"],
    },
  ]);
  expect(rows[0]?.occurredAt?.toISOString()).toBe("2026-11-28T10:00:00.123Z");
});

test("what Attendee itself delivers is verified, whatever people are called", async () => {
  await using door1 = await door();
  await using fake = await startFakeAttendee({ webhookSecret: secret });
  const hook = fake.webhook(door1.url, { repeat: 2 });
  const bot = fake.project.add({
    meeting_url: "https://teams.microsoft.com/meet/1?p=ü",
    bot_name: "Convene",
    metadata: { recorderId, "näme 😀": '～ \u2028 \u007f "quoted" \\ \t', "10": "x", "9": "y" },
  });
  bot.join();
  bot.kick();
  await expect.poll(() => bot.state()).toBe("ended");
  await hook.settled();
  expect(hook.deliveries.every(({ isDelivered }) => isDelivered)).toBe(true);
  expect((await door1.rows()).map(({ subjectId }) => subjectId)).toEqual(Array(5).fill(recorderId));
});

test("other news, and news of other people's bots, are kept and move nothing", async () => {
  await using door1 = await door();
  const others: AttendeePayload[] = [
    joined(null),
    joined({ somebody: "else" }),
    joined({ recorderId: "' OR 1=1" }),
    { ...joined(), trigger: "transcript.update" },
    { idempotency_key: randomUUID(), trigger: "calendar.state_change", calendar_id: "cal_1", data: { state: "x" } },
  ];
  for (const payload of others) expect(await door1.send(payload)).toMatchObject({ status: 200 });
  const rows = await door1.rows();
  expect(rows.map(({ subjectId, state }) => [subjectId, state])).toEqual(others.map(() => [null, "ignored"]));
});

test("forged and altered deliveries are refused and leave no row", async () => {
  await using door1 = await door();
  const payload = joined();
  const { body, headers } = attendeeRequest(payload, secret);
  const right = headers["x-webhook-signature"];
  const flipped = Buffer.from(right, "base64");
  flipped[7]! ^= 1;
  const tries: [string, string | null][] = [
    [body, null],
    [body, ""],
    [body, right.slice(0, -1)],
    [body, `${right}=`],
    [body, Buffer.from(right, "base64").toString("hex")],
    [body, flipped.toString("base64")],
    [body, signAttendee(payload, randomBytes(32).toString("base64"))],
    // Under the secret's letters in place of the bytes that they stand for.
    [body, signAttendee(payload, Buffer.from(secret).toString("base64"))],
    [body.replace("joining", "leaving"), right],
    [body.replace(recorderId, randomUUID()), right],
    [body.replace('"bot_1"', "1"), right],
    [body.replace("{", '{"more": 1, '), right],
    [`${body}x`, right],
  ];
  for (const [text, signature] of tries) {
    expect(await door1.post(text, signature)).toEqual({ status: 401, body: { error: "Invalid signature" } });
  }
  expect(await door1.rows()).toEqual([]);
});

test("bodies that are none are refused with 4xx, signed or not, and never break anything", async () => {
  await using door1 = await door();
  const unsigned = [
    "",
    "{",
    "null",
    "NaN",
    "[".repeat(60_000),
    "[".repeat(60_000) + "]".repeat(60_000),
    '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000),
    '{"a":"\\ud83d"}',
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  ];
  const someSignature = signAttendee({}, secret);
  for (const body of unsigned) expect((await door1.post(body, someSignature)).status).toBe(401);
  expect((await door1.post(" ".repeat(2_000_000), someSignature)).status).toBe(413);
  const signed: AttendeePayload[] = [
    {},
    { trigger: "bot.state_change" },
    { ...joined(), idempotency_key: 7 },
    { ...joined(), idempotency_key: "" },
    { ...joined(), idempotency_key: "a\u0000b" },
    { ...joined(), trigger: "x".repeat(101) },
  ];
  for (const payload of signed) {
    expect(await door1.send(payload)).toEqual({ status: 400, body: { error: "Invalid body" } });
  }
  const polluting = { ...joined(), ["__proto__"]: { admin: true }, data: { created_at: "yesterday" } };
  expect(await door1.send({ ...polluting, bot_metadata: { ["__proto__"]: "x", recorderId } })).toMatchObject({
    status: 200,
  });
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(await door1.rows()).toMatchObject([{ subjectId: recorderId, occurredAt: null }]);
});

test("a secret that is none keeps the server from starting, and without one nothing is taken", async () => {
  await using door1 = await door({});
  expect(await door1.send(joined())).toEqual({
    status: 404,
    body: { error: "Attendee's webhooks are not set up on this server" },
  });
  const settings = { DATABASE_URL: door1.db.url, CONVENE_SECRET: "x".repeat(32) };
  expect(() => parseWebEnv({ ...settings, ATTENDEE_WEBHOOK_SECRET: "not base64!" })).toThrow(/ATTENDEE_WEBHOOK_SECRET/);
});
