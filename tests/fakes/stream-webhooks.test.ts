import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { StreamClient } from "@stream-io/node-sdk";
import { expect, test } from "vitest";
import { shuffled } from "./stream-webhooks.ts";
import { createWebhookSender, signStream, startFakeStream, streamEvents } from "./stream.ts";
import type { StreamEvent } from "./stream.ts";

const apiSecret = "stream-secret";
const keys = { apiKey: "stream-key", apiSecret };
const sdk = new StreamClient("stream-key", apiSecret);
const at = new Date("2026-11-21T10:00:00.000Z");
const facts = { meetingId: "m1", sessionId: "s1", at };

/** Receives webhooks and answers them one after the other: a status, or silence, or a reset; 200 from then on. */
async function receiver(...answers: (number | "silence" | "reset")[]) {
  const received: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      received.push({ headers: request.headers, body });
      const answer = answers.shift() ?? 200;
      if (answer === "reset") request.socket.resetAndDestroy();
      else if (answer !== "silence") response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhook`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const types = () => received.map(({ body }) => (JSON.parse(body.toString("utf8")) as StreamEvent).type);
  return { url, received, types, [Symbol.asyncDispose]: stop };
}

test("Stream's own check takes what is signed here, plain and gzipped, and nothing else", async () => {
  await using it = await receiver();
  const sender = createWebhookSender(it.url, keys);
  await sender.send(streamEvents.sessionStarted(facts));
  await sender.send(streamEvents.sessionStarted(facts), { gzip: true });
  await sender.send(streamEvents.sessionStarted(facts), { secret: "forged" });
  const [plain, packed, forged] = it.received.map(({ headers, body }) => ({
    body,
    signature: String(headers["x-signature"]),
    encoding: headers["content-encoding"],
  }));
  expect(sdk.verifyWebhook(plain!.body, plain!.signature)).toBe(true);
  expect(packed?.encoding).toBe("gzip");
  expect(packed?.body.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  expect(sdk.verifyWebhook(packed!.body, packed!.signature)).toBe(false);
  expect(sdk.verifyAndParseWebhook(packed!.body, packed!.signature)).toMatchObject({ type: "call.session_started" });
  expect(sdk.verifyWebhook(forged!.body, forged!.signature)).toBe(false);
  expect(sdk.verifyWebhook(Buffer.concat([plain!.body, Buffer.from(" ")]), plain!.signature)).toBe(false);
});

test("A-33, A-34: every body has its type, call, time and, where Stream sends the call, the meeting's id", () => {
  const file = { ...facts, url: "https://files.example/rec", startedAt: at, endedAt: at };
  const events = [
    streamEvents.sessionStarted(facts),
    streamEvents.sessionEnded(facts),
    streamEvents.participantJoined({ ...facts, userId: "u1", name: "Grace" }),
    streamEvents.participantLeft({ ...facts, userId: "u1", joinedAt: new Date(at.getTime() - 60_000) }),
    streamEvents.callEnded({ ...facts, userId: "u1" }),
    streamEvents.recordingReady(file),
    streamEvents.transcriptionReady(file),
  ];
  expect(events.map(({ type }) => type)).toEqual([
    "call.session_started",
    "call.session_ended",
    "call.session_participant_joined",
    "call.session_participant_left",
    "call.ended",
    "call.recording_ready",
    "call.transcription_ready",
  ]);
  for (const event of events)
    expect(event).toMatchObject({ call_cid: "default:m1", created_at: "2026-11-21T10:00:00.000123456Z" });
  for (const event of [events[0], events[1], events[4]])
    expect(event).toMatchObject({ call: { cid: "default:m1", custom: { meetingId: "m1" } } });
  expect(events[3]).toMatchObject({ session_id: "s1", duration_seconds: 60, participant: { user: { id: "u1" } } });
  expect(events[5]).toMatchObject({ recording_type: "composite", call_recording: { url: file.url, session_id: "s1" } });
});

test("the same facts give the same bytes, so the digest tells a repeat from another event", () => {
  const digest = (event: StreamEvent) => createHash("sha256").update(JSON.stringify(event)).digest("hex");
  expect(digest(streamEvents.sessionEnded(facts))).toBe(digest(streamEvents.sessionEnded(facts)));
  const later = { ...facts, at: new Date(at.getTime() + 1) };
  expect(digest(streamEvents.sessionEnded(later))).not.toBe(digest(streamEvents.sessionEnded(facts)));
  expect(signStream("body", "a")).toMatch(/^[0-9a-f]{64}$/);
});

test("what is refused for now is tried three times under one id, and then given up", async () => {
  await using it = await receiver(500, 429, 408, 200);
  const [delivery] = await createWebhookSender(it.url, { ...keys, retryMs: 5 }).send(streamEvents.sessionEnded(facts));
  expect(delivery).toMatchObject({ statuses: [500, 429, 408], status: 408, delivered: false });
  expect(it.received.map(({ headers }) => headers["x-webhook-attempt"])).toEqual(["1", "2", "3"]);
  expect(new Set(it.received.map(({ headers }) => headers["x-webhook-id"])).size).toBe(1);
  expect(new Set(it.received.map(({ body }) => body.toString())).size).toBe(1);
});

test("a retry that is taken ends the trying, and a refusal for good is not tried again", async () => {
  await using it = await receiver(503, 200, 404);
  const sender = createWebhookSender(it.url, { ...keys, retryMs: 5 });
  expect(await sender.send(streamEvents.sessionEnded(facts))).toMatchObject([
    { statuses: [503, 200], delivered: true },
  ]);
  expect(await sender.send(streamEvents.sessionEnded(facts))).toMatchObject([{ statuses: [404], delivered: false }]);
});

test("silence is tried three times, a broken connection twice, all within the time for one event", async () => {
  await using it = await receiver("silence", "silence", "silence", "reset", "reset");
  const sender = createWebhookSender(it.url, { ...keys, retryMs: 5, requestMs: 60 });
  expect(await sender.send(streamEvents.sessionEnded(facts))).toMatchObject([{ statuses: [null, null, null] }]);
  expect(await sender.send(streamEvents.sessionEnded(facts))).toMatchObject([{ statuses: [null, null] }]);
  const hurried = createWebhookSender("http://127.0.0.1:1/", { ...keys, retryMs: 100, totalMs: 50 });
  expect(await hurried.send(streamEvents.sessionEnded(facts))).toMatchObject([{ statuses: [null] }]);
});

test("events are repeated, reordered and dropped as told, the same for the same seed", async () => {
  await using it = await receiver();
  const events = [
    streamEvents.sessionStarted(facts),
    streamEvents.participantJoined({ ...facts, userId: "u1" }),
    streamEvents.participantLeft({ ...facts, userId: "u1" }),
    streamEvents.sessionEnded(facts),
  ];
  const sender = createWebhookSender(it.url, keys);
  const done = await sender.sendAll(events, { repeat: 2, shuffle: 7, drop: ({ type }) => type.endsWith("_left") });
  expect(done.every(({ delivered }) => delivered)).toBe(true);
  const kept = events.filter(({ type }) => !type.endsWith("_left"));
  const expected = shuffled(
    kept.flatMap((event) => [event, event]),
    7,
  ).map(({ type }) => type);
  expect(it.types()).toEqual(expected);
  expect(it.types()).not.toEqual(kept.flatMap(({ type }) => [type, type]));
  expect(new Set(it.received.map(({ headers }) => headers["x-webhook-id"])).size).toBe(6);
});

test("many at once arrive all, once each, and a delayed one after the others", async () => {
  await using it = await receiver();
  const events = Array.from({ length: 50 }, (_, n) => streamEvents.sessionStarted({ ...facts, meetingId: `m${n}` }));
  const sender = createWebhookSender(it.url, keys);
  await sender.sendAll(events, { atOnce: 10, delayMs: (index) => (index === 0 ? 3_000 : 0) });
  const ids = it.received.map(({ body }) => (JSON.parse(body.toString("utf8")) as StreamEvent).call_cid);
  expect(new Set(ids).size).toBe(50);
  expect(ids.at(-1)).toBe("default:m0");
});

test("what happens in a call is published with the facts its API shows", async () => {
  await using it = await receiver();
  await using fake = await startFakeStream();
  const hook = fake.webhook(it.url);
  const call = fake.call("m1");
  await call.start({ at });
  await call.join({ userId: "u1", name: "Grace" });
  await call.leave({ userId: "u1", name: "Grace" }, { lost: true });
  const [ended] = await call.end();
  expect(ended?.delivered).toBe(true);
  await expect.poll(() => hook.deliveries).toHaveLength(3);
  expect(it.types()).toEqual(["call.session_started", "call.session_participant_joined", "call.session_ended"]);
  const bodies = it.received.map(({ body }) => JSON.parse(body.toString("utf8")) as StreamEvent);
  expect(new Set(bodies.map(({ session_id }) => session_id))).toEqual(new Set([call.sessions[0]?.id]));
  expect(bodies[0]).toMatchObject({ created_at: "2026-11-21T10:00:00.000123456Z" });
  expect(bodies[2]).toMatchObject({ call: { session: { started_at: "2026-11-21T10:00:00.000123456Z" } } });
});
