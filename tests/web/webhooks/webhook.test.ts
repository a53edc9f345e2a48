import { randomBytes, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { signStream } from "#tests/fakes/stream.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { processorTime } from "#tests/setup/processor-time.ts";
import { startWeb } from "../server.ts";

const secret = "stream-secret";
const at = "2026-11-21T10:00:00.000Z";

async function door(settings: Record<string, string> = {}) {
  const db = await testDatabase();
  const web = await startWeb(db, {
    settings: { STREAM_API_KEY: "key", STREAM_API_SECRET: secret, ...settings },
  });
  const owner = await web.signUp();
  const { userId, workspaceId } = owner;
  const draft = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  const agentId = await createAgent(db.prisma, { userId, workspaceId, ...draft });
  const order = { userId, workspaceId, agentId, name: "A talk", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const created = await createMeeting(db.prisma, { ...order, provider: "stream" });
  if (!created.ok) throw new Error(created.reason);
  return {
    db,
    web,
    owner,
    agentId,
    meetingId: created.id,
    async post(body: string | Buffer, headers: Record<string, string> = {}) {
      const response = await fetch(`${web.url}/api/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-signature": signStream(body, secret), ...headers },
        body: body as string,
      });
      return { status: response.status, body: await response.json().catch(() => null), headers: response.headers };
    },
    rows: () => db.prisma.webhookDelivery.findMany({ orderBy: { id: "asc" } }),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const event = (type: string, meetingId: string | undefined, more: object = {}) =>
  JSON.stringify({
    type,
    call_cid: `default:${meetingId ?? randomUUID()}`,
    created_at: at,
    session_id: "s1",
    call: { custom: meetingId === undefined ? {} : { meetingId } },
    ...more,
  });

test("A-33 A-34 A-53 a signed event is kept and answered with success, a repeat too (weak point 24)", async () => {
  await using door1 = await door();
  const body = event("call.session_started", door1.meetingId);
  expect(await door1.post(body)).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(await door1.post(body, { "x-webhook-id": "another", "x-webhook-attempt": "2" })).toMatchObject({
    status: 200,
  });
  const rows = await door1.rows();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({
    sender: "stream",
    subjectKind: "meeting",
    subjectId: door1.meetingId,
    type: "call.session_started",
  });
  expect(rows[0]?.state).toBe("new");
  expect(Buffer.from(rows[0]!.body).toString()).toBe(body);
  expect(rows[0]?.occurredAt?.toISOString()).toBe(at);
});

test("A-35 A-36 A-37 what cannot be meant is answered in the reference design's words", async () => {
  await using door1 = await door();
  for (const type of ["call.session_started", "call.session_ended"]) {
    expect(await door1.post(event(type, undefined))).toMatchObject({
      status: 400,
      body: { error: "Missing meetingId" },
    });
    expect(await door1.post(event(type, randomUUID()))).toMatchObject({
      status: 404,
      body: { error: "Meeting not found" },
    });
    expect(await door1.post(event(type, "' OR 1=1"))).toMatchObject({ status: 404 });
  }
  await door1.db.prisma.agent.delete({ where: { id: door1.agentId } });
  expect(await door1.post(event("call.session_started", door1.meetingId))).toMatchObject({
    status: 404,
    body: { error: "Agent not found" },
  });
  expect(await door1.post(event("call.session_ended", door1.meetingId))).toMatchObject({ status: 200 });
  expect(await door1.rows()).toHaveLength(1);
});

test("A-35: a meeting id that is null, empty or no text at all is a missing one", async () => {
  await using door1 = await door();
  for (const meetingId of [null, "", 7, {}, ["x"]]) {
    for (const type of ["call.session_started", "call.session_ended"]) {
      const body = event(type, undefined, { call: { custom: { meetingId } } });
      expect(await door1.post(body)).toMatchObject({ status: 400, body: { error: "Missing meetingId" } });
    }
  }
  for (const call of [null, "x", { custom: null }, { custom: [] }]) {
    const body = event("call.session_ended", undefined, { call });
    expect(await door1.post(body)).toMatchObject({ status: 400, body: { error: "Missing meetingId" } });
  }
  expect(await door1.rows()).toEqual([]);
});

test("an ill-formed field beside the others does not cost the event", async () => {
  await using door1 = await door();
  const custom = { meetingId: door1.meetingId };
  const odd = [
    { call: { custom, session: { ended_at: "" } } },
    { call: { custom, session: { started_at: "yesterday", ended_at: 12 } } },
    { call: { custom, session: "" } },
    { created_at: "", session_id: null },
    { participant: { user: null, user_session_id: 5 } },
    { call_recording: { url: "no address" }, call_transcription: null },
  ];
  for (const fields of odd) {
    expect(await door1.post(event("call.session_ended", door1.meetingId, fields))).toMatchObject({ status: 200 });
  }
  const rows = await door1.rows();
  expect(rows.map(({ subjectId }) => subjectId)).toEqual(odd.map(() => door1.meetingId));
  // Whose call it is, is never guessed: an id that cannot be read is another's.
  const forged = event("call.session_ended", door1.meetingId, { call_cid: "default:\u0000" });
  expect(await door1.post(forged)).toMatchObject({ status: 404 });
  expect(await door1.post(event("", door1.meetingId))).toMatchObject({ status: 400, body: { error: "Invalid body" } });
});

test("a call that was created under another meeting's name moves nothing of that meeting", async () => {
  await using door1 = await door();
  const forged = { call_cid: `default:${randomUUID()}` };
  for (const type of ["call.session_started", "call.session_ended"]) {
    expect(await door1.post(event(type, door1.meetingId, forged))).toMatchObject({ status: 404 });
  }
  expect((await door1.post(event("call.ended", door1.meetingId, forged))).status).toBe(200);
  const rows = await door1.rows();
  expect(rows.map(({ subjectKind, subjectId, state }) => [subjectKind, subjectId, state])).toEqual([
    [null, null, "ignored"],
  ]);
});

test("event types that nobody waits for are kept and answered 2xx", async () => {
  await using door1 = await door();
  expect(await door1.post(event("call.reaction_new", door1.meetingId))).toMatchObject({ status: 200 });
  expect(await door1.post(event("call.updated", undefined))).toMatchObject({ status: 200 });
  expect((await door1.rows()).map(({ state }) => state)).toEqual(["ignored", "ignored"]);
});

test("a compressed body is checked as it was before compression", async () => {
  await using door1 = await door();
  const body = event("call.session_started", door1.meetingId);
  const zipped = gzipSync(body);
  const headers = { "content-encoding": "gzip", "x-signature": signStream(body, secret) };
  expect(await door1.post(zipped, headers)).toMatchObject({ status: 200 });
  expect(await door1.post(zipped, { ...headers, "x-signature": signStream(zipped, secret) })).toMatchObject({
    status: 401,
  });
});

test("weak point 23: over 200 forged or mutated deliveries are refused with 4xx and leave no row", async () => {
  await using door1 = await door({ STREAM_API_SECRET_PREVIOUS: "older-secret" });
  const bodies = Array.from({ length: 20 }, (_, index) =>
    event(index % 2 ? "call.session_ended" : "call.session_started", door1.meetingId, { index }),
  );
  const flipped = (hex: string, index: number) => {
    const bytes = Buffer.from(hex, "hex");
    bytes[index % bytes.length]! ^= 1 << (index % 8);
    return bytes.toString("hex");
  };
  const tries = bodies.flatMap((body, index) => {
    const right = signStream(body, secret);
    const mac = (signature: string) => ({ body, signature });
    return [
      mac(""),
      mac("0".repeat(64)),
      mac(right.slice(0, 62)),
      mac(`${right}00`),
      mac(right.toUpperCase()),
      mac(flipped(right, index)),
      mac(signStream(body, "another-secret")),
      mac(signStream(JSON.stringify(JSON.parse(body), null, 1), secret)),
      mac(`sha256=${right}`),
      mac(`${right}, ${right}`),
      mac(Buffer.from(right, "hex").toString("base64")),
      mac(signStream(body.slice(1), secret)),
      { body: body.replace("session_", "sessioN_"), signature: right },
      { body: `${body} `, signature: right },
    ];
  });
  expect(tries.length).toBeGreaterThanOrEqual(200);
  for (const { body, signature } of tries) {
    const { status } = await door1.post(body, { "x-signature": signature });
    expect(status).toBe(401);
  }
  expect(await door1.rows()).toEqual([]);
  const body = event("call.session_started", door1.meetingId);
  expect((await door1.post(body, { "x-signature": signStream(body, "older-secret") })).status).toBe(200);
});

test("bodies that are no events are refused with 4xx, whoever signed them", async () => {
  await using door1 = await door();
  const hostile = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    "[".repeat(100_000),
    '{"type":1}',
    '{"type":"call.session_started","call":{"custom":{"meetingId":7}}}',
    '{"type":"call.session_started","created_at":"yesterday","call":{"custom":{"meetingId":"x"}}}',
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  ];
  for (const body of hostile) {
    const { status } = await door1.post(body);
    expect([400, 404]).toContain(status);
  }
  const polluted = event("call.session_started", door1.meetingId).replace("{", '{"__proto__":{"admin":true},');
  expect((await door1.post(polluted)).status).toBe(200);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(await door1.rows()).toHaveLength(1);
});

test("a body too large is refused, and a bomb before it has grown", async () => {
  // Made first: while it is, this process answers nothing, and the server would close a connection that is kept.
  const bomb = gzipSync(Buffer.alloc(1024 ** 3 / 4), { level: 9 });
  await using door1 = await door();
  expect(await door1.post(randomBytes(1024 * 1024 + 1))).toMatchObject({ status: 413 });
  const before = process.memoryUsage().rss;
  const used = processorTime();
  expect(await door1.post(bomb, { "x-signature": signStream("", secret) })).toMatchObject({ status: 413 });
  // Inflating it whole takes half a second and 256 MB; the bounds are generous for a busy machine.
  expect(used()).toBeLessThan(2_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  expect(await door1.rows()).toEqual([]);
});

test("without Stream's secret nothing is taken", async () => {
  await using door1 = await door({ STREAM_API_SECRET: "" });
  expect(await door1.post(event("call.session_started", door1.meetingId))).toMatchObject({ status: 404 });
  expect(await door1.rows()).toEqual([]);
});

test("with the database away the answer is 503 with Retry-After, never 2xx", async () => {
  await using door1 = await door();
  await door1.web.deps.pool.end();
  const answer = await door1.post(event("call.session_started", door1.meetingId));
  expect(answer).toMatchObject({ status: 503 });
  expect(answer.headers.get("retry-after")).toBe("5");
});
