import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#records/ids.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import type { Delivery } from "#records/queues/inbox.ts";
import { inboxMetrics, outboxMetrics } from "#records/queues/inbox-lists.ts";
import { enqueue } from "#records/queues/outbox.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

let db: TestDatabase;
let web: TestWeb;
/** The first account: administrator of the server. */
let ada: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  ada = await web.signUp("ada@example.com");
  bob = await web.signUp();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const meetingId = newId();
/** Everything in here that is a person's, or opens something; none of it may ever be shown. */
const secrets = [
  "Grace Hopper",
  "grace@example.com",
  "https://files.example.com/rec.mp4?token=s3cr3t",
  "I think we should sell the boat",
  "eyJhbGciOiJIUzI1NiJ9.e30.abc",
  "grace.hopper",
  "4915112345678",
];
const revealing = JSON.stringify({
  type: "call.session_ended",
  call_cid: `default:${meetingId}`,
  created_at: "2026-11-21T10:00:00.123456Z",
  session_id: "0b7b1c70-52f5-4be6-a6a5-3d4c1d5f7b21",
  call: {
    custom: { meetingId, topic: secrets[3], phone: Number(secrets[6]), [String(secrets[0])]: true },
    created_by: { id: newId(), name: secrets[0], image: secrets[2], role: "user" },
    session: {
      participants: [{ user: { id: secrets[5], name: secrets[0], custom: { email: secrets[1] } }, score: 0.5 }],
      accepted_by: { [String(secrets[5])]: "2026-11-21T09:00:00Z" },
      ended_at: "2026-11-21T10:00:00Z",
    },
    ingress: { rtmp: { address: secrets[2], token: secrets[4] }, enabled: false },
  },
});

async function add(given: Partial<Delivery> & { state?: string; error?: string; receivedAt?: Date } = {}) {
  const { state, error, receivedAt, ...delivery } = given;
  const dedupeKey = randomUUID();
  await storeDelivery(db.pool, {
    sender: "stream",
    dedupeKey,
    subject: { kind: "meeting", id: meetingId },
    type: "call.session_ended",
    headers: { "x-webhook-id": randomUUID(), "x-webhook-attempt": "2", "x-odd": String(secrets[1]) },
    body: Buffer.from(revealing),
    occurredAt: new Date("2026-11-21T10:00:00Z"),
    wanted: true,
    ...delivery,
  });
  const { id } = await db.prisma.webhookDelivery.findFirstOrThrow({ where: { dedupeKey } });
  const doneAt = state === undefined || state === "new" ? null : new Date();
  await db.prisma.webhookDelivery.update({
    where: { id },
    data: {
      ...(state === undefined ? {} : { state, doneAt }),
      ...(receivedAt ? { receivedAt } : {}),
      error: error ?? null,
    },
  });
  return id;
}

interface Listed {
  items: { id: string; state: string; sender: string }[];
  nextCursor: string | null;
  counts: Record<string, number>;
  oldestWaitingSeconds: number | null;
}
const page = (path: string, person: TestPerson) =>
  fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie: person.cookie } });
const send = (path: string, person: TestPerson, fields: Record<string, string> = {}) =>
  fetch(`${web.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: person.cookie, origin: web.url },
    body: new URLSearchParams(fields),
  });

test("who is no administrator of the server finds no inbox: no page, no data, no replay", async () => {
  const id = await add({ state: "dead" });
  const paths = ["/inbox", `/inbox/${id}`];
  for (const path of paths) {
    expect((await page(path, bob)).status).toBe(404);
    expect((await page(`${path}.data`, bob)).status).toBe(404);
    expect((await send(path, bob, { id })).status).toBe(404);
  }
  const asked = [`/api/inbox`, `/api/inbox/${id}`].map((path) => page(path, bob));
  asked.push(send(`/api/inbox/${id}/replay`, bob));
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([403, 403, 403]);
  expect(await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "dead" });
  expect((await page("/inbox", ada)).status).toBe(200);
});

test("the list counts every state, tells how long the oldest waits, filters and pages without a gap", async () => {
  await db.prisma.webhookDelivery.deleteMany();
  expect(await inboxMetrics(db.pool)).toMatchObject({ oldestWaitingSeconds: null, counts: { new: 0, dead: 0 } });
  expect(await (await page("/inbox", ada)).text()).toContain("Nothing was delivered yet");
  const other = newId();
  const ids = [
    await add({ receivedAt: new Date(Date.now() - 90_000) }),
    await add(),
    await add({ state: "done" }),
    await add({ state: "done", sender: "practice" }),
    await add({ state: "late", subject: { kind: "meeting", id: other } }),
    await add({ state: "dead", error: "14 UNAVAILABLE" }),
    await add({ wanted: false, subject: null, type: "call.updated" }),
  ];
  const all = await ada.json<Listed>("/api/inbox");
  expect(all.counts).toEqual({ new: 2, done: 2, late: 1, dead: 1, ignored: 1 });
  expect(all.oldestWaitingSeconds).toBeGreaterThanOrEqual(90);
  expect(all.oldestWaitingSeconds).toBeLessThan(150);

  const found = async (query: string) => (await ada.json<Listed>(`/api/inbox?${query}`)).items.map(({ id }) => id);
  expect(await found("state=done&sender=practice")).toEqual([ids[3]]);
  expect(await found(`meetingId=${other}`)).toEqual([ids[4]]);
  await expect(found("state=lost")).rejects.toThrow("400");

  const walked: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const next: Listed = await ada.json(`/api/inbox?limit=2${cursor && `&cursor=${cursor}`}`);
    walked.push(...next.items.map(({ id }) => id));
    cursor = next.nextCursor;
  }
  expect(walked).toEqual(ids.toReversed());

  const html = await (await page("/inbox?state=dead", ada)).text();
  expect(html).toContain("14 UNAVAILABLE");
  expect(html).toContain("Deliveries wait longer than they should");
  expect(await (await page("/inbox?meeting=xyz", ada)).text()).toContain("no meeting&#x27;s id");
});

test("a delivery shows its structure, ids, types and times, and nothing that people said or are called", async () => {
  const id = await add();
  const asApi = await page(`/api/inbox/${id}`, ada);
  const detail = (await asApi.json()) as { body: never; headers: Record<string, string>; sizeBytes: number };
  expect(detail.sizeBytes).toBe(Buffer.byteLength(revealing));
  expect(detail.body).toMatchObject({
    type: "call.session_ended",
    call_cid: `default:${meetingId}`,
    created_at: "2026-11-21T10:00:00.123456Z",
    session_id: "0b7b1c70-52f5-4be6-a6a5-3d4c1d5f7b21",
    call: {
      custom: { meetingId, "(masked 2)": "(masked, 31 characters)", "(masked 3)": "(masked number)" },
      session: { participants: [{ user: { name: "(masked, 12 characters)" }, score: 0.5 }] },
      ingress: { enabled: false, rtmp: { token: "(masked, 28 characters)" } },
    },
  });
  expect(detail.headers).toMatchObject({ "x-webhook-attempt": "2", "x-odd": "(masked, 17 characters)" });
  const shown = [JSON.stringify(detail), await (await page(`/inbox/${id}`, ada)).text()];
  shown.push(await (await page(`/inbox/${id}.data`, ada)).text());
  for (const text of shown) {
    expect(text).toContain(meetingId);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test("a body that is no JSON, nests without end, is huge or names `__proto__` is shown within bounds", async () => {
  const bodies = {
    text: "Grace Hopper said no",
    deep: `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    long: JSON.stringify(Array.from({ length: 50_000 }, (_, at) => at)),
    odd: '{"__proto__":{"type":"Grace Hopper"},"constructor":1}',
  };
  const shown: Record<string, string> = {};
  for (const [name, text] of Object.entries(bodies)) {
    const id = await add({ body: Buffer.from(text) });
    shown[name] = JSON.stringify((await ada.json<{ body: unknown }>(`/api/inbox/${id}`)).body);
    expect((await page(`/inbox/${id}`, ada)).status).toBe(200);
  }
  expect(shown["text"]).toBe("null");
  expect(shown["deep"]).toContain("nested deeper");
  expect(shown["long"]).toMatch(/\(4\d{4} more\)/);
  expect(Object.values(shown).filter((text) => text.length > 40_000 || text.includes("Grace"))).toEqual([]);
});

test("a replay puts a delivery back at once, is told to the dispatchers and noted with who asked", async () => {
  const id = await add({ state: "dead", error: "no route", receivedAt: new Date(Date.now() - 3 * 86_400_000) });
  await db.prisma.webhookDelivery.update({ where: { id }, data: { attempts: 9, nextAt: new Date(Date.now() + 9e6) } });
  const listener = await db.pool.connect();
  const told = new Promise((resolve) => listener.once("notification", resolve));
  await listener.query("LISTEN inbox");
  try {
    expect((await send(`/inbox/${id}`, ada)).status).toBe(200);
    await told;
  } finally {
    listener.release(true);
  }
  const row = await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ state: "new", attempts: 0, error: null, doneAt: null, leaseUntil: null });
  expect(row.nextAt.getTime()).toBeLessThanOrEqual(Date.now());
  // Else the day after which a delivery is given up would be over at the first failure.
  expect(Date.now() - row.receivedAt.getTime()).toBeLessThan(60_000);

  const answer = await ada.json<{ id: string; state: string }>(`/api/inbox/${id}/replay`, { method: "POST" });
  expect(answer).toEqual({ id, state: "new" });
  const entries = await db.prisma.auditEntry.findMany({ where: { subject: id }, orderBy: { id: "asc" } });
  expect(entries.map(({ action, actorId, details }) => ({ action, actorId, details }))).toEqual([
    { action: "webhook.replay", actorId: ada.userId, details: { was: "dead", meetingId } },
    { action: "webhook.replay", actorId: ada.userId, details: { was: "new", meetingId } },
  ]);
  const detail = await ada.json<{ replays: { by: { id: string } }[] }>(`/api/inbox/${id}`);
  expect(detail.replays.map(({ by }) => by.id)).toEqual([ada.userId, ada.userId]);
});

test("what no meeting waits for cannot be replayed, and what is not there is not found", async () => {
  const id = await add({ wanted: false, type: "call.updated" });
  expect((await send(`/api/inbox/${id}/replay`, ada)).status).toBe(409);
  expect((await send(`/inbox/${id}`, ada)).status).toBe(409);
  expect(await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "ignored" });
  for (const unknown of [newId(), "not-an-id"]) {
    expect((await page(`/inbox/${unknown}`, ada)).status).toBe(404);
    expect((await send(`/inbox/${unknown}`, ada)).status).toBe(404);
    expect((await send(`/api/inbox/${unknown}/replay`, ada)).status).toBe(404);
  }
  expect(await db.prisma.auditEntry.count({ where: { subject: id } })).toBe(0);
});

test("a dead order of the outbox is listed and can be tried again, once", async () => {
  await db.prisma.$transaction((tx) =>
    enqueue(tx, { kind: "run.cancel", payload: { runId: newId() }, dedupeKey: randomUUID(), partitionKey: newId() }),
  );
  const { id } = await db.prisma.outbox.findFirstOrThrow({ orderBy: { id: "desc" } });
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  await db.prisma.outbox.update({
    where: { id },
    data: { state: "dead", attempts: 40, error: "nobody there", createdAt: longAgo, doneAt: new Date() },
  });
  expect((await outboxMetrics(db.pool)).counts.dead).toBe(1);
  expect(await (await page("/inbox", ada)).text()).toContain("nobody there");
  expect((await send("/inbox", ada, { id })).status).toBe(200);
  const row = await db.prisma.outbox.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ state: "new", attempts: 0, error: null, doneAt: null });
  expect(row.createdAt.getTime()).toBeGreaterThan(longAgo.getTime());
  expect((await send("/inbox", ada, { id })).status).toBe(404);
  const entries = await db.prisma.auditEntry.findMany({ where: { subject: id } });
  expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([["outbox.retry", ada.userId]]);
});
