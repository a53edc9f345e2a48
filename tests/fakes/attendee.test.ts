import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { startFakeAttendee } from "./attendee.ts";
import type { FakeAttendee } from "./attendee.ts";
import { signAttendee } from "./attendee-webhooks.ts";
import type { AttendeePayload } from "./attendee-webhooks.ts";

const meetingUrl = "https://meet.google.com/abc-defg-hij";
const order = { meeting_url: meetingUrl, bot_name: "Convene", deduplication_key: "k1", metadata: { recorderId: "r1" } };

interface Answer {
  status: number;
  // Whatever the API says, looked at by matchers.
  body: { [field: string]: unknown };
}

const client = (fake: FakeAttendee) =>
  async function ask(path: string, body?: object, key = fake.apiKey): Promise<Answer> {
    const response = await fetch(`${fake.baseUrl}/api/v1/bots${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Token ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  };

/** Answers deliveries one after the other with these statuses, with 200 from then on. */
async function receiver(...answers: number[]) {
  const received: { headers: IncomingHttpHeaders; payload: AttendeePayload }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, payload: JSON.parse(body) as AttendeePayload });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    states: () => received.map(({ payload }) => (payload["data"] as { new_state: string }).new_state),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("only its key is let in, and a bot is what `BotSerializer` shows", async () => {
  await using fake = await startFakeAttendee();
  const ask = client(fake);
  expect((await ask("", order, "another")).status).toBe(401);
  const made = await ask("", order);
  expect(made).toMatchObject({
    status: 201,
    body: {
      state: "joining",
      meeting_url: meetingUrl,
      metadata: { recorderId: "r1" },
      deduplication_key: "k1",
      join_at: null,
      events: [{ type: "join_requested", created_at: expect.stringMatching(/^2.*\.\d{6}Z$/) as string }],
    },
  });
  expect(Object.keys(made.body)).not.toContain("created_at");
  expect(await ask(`/${String(made.body["id"])}`)).toMatchObject({ status: 200, body: { id: made.body["id"] } });
  expect(await ask("/bot_unknown")).toEqual({ status: 404, body: { error: "Bot not found" } });
});

test("an order is refused as the serializer refuses it", async () => {
  await using fake = await startFakeAttendee({ concurrentLimit: 1 });
  const ask = client(fake);
  const refused = async (more: object) => {
    const { status, body } = await ask("", { ...order, ...more });
    expect(status).toBe(400);
    return body;
  };
  expect(await refused({ meeting_url: "https://example.org" })).toEqual({ meeting_url: ["Invalid meeting URL"] });
  expect(await refused({ bot_name: "🎙" })).toHaveProperty("bot_name");
  expect(await refused({ metadata: { recorderId: 7 } })).toHaveProperty("metadata");
  expect(await refused({ recording_settings: { format: "ogg" } })).toHaveProperty("recording_settings");
  expect(await refused({ bot_chat_message: { to: "all", message: "x" } })).toHaveProperty("bot_chat_message");
  const captions = { meeting_closed_captions: { google_meet_language: "xx" } };
  expect(await refused({ transcription_settings: captions })).toHaveProperty("transcription_settings");
  expect(await refused({ color: "red" })).toHaveProperty("non_field_errors");
  fake.project.hasCredits = false;
  expect(String((await refused({}))["error"])).toContain("run out of credits");
  fake.project.hasCredits = true;
  await ask("", order);
  expect(String((await refused({ deduplication_key: "k2" }))["error"])).toContain("number of concurrent bots (1)");
  expect(fake.project.bots).toHaveLength(1);
});

test("a key is one open bot's, and free again once that is done", async () => {
  await using fake = await startFakeAttendee({ pageSize: 2 });
  const ask = client(fake);
  for (let round = 0; round < 3; round += 1) {
    expect((await ask("", order)).status).toBe(201);
    const second = await ask("", order);
    expect(second.status).toBe(400);
    expect(String(second.body["error"])).toMatch(/^Deduplication key already in use\. A bot in a non-terminal state/);
    fake.bot("k1").deny();
  }
  const first = await ask("?deduplication_key=k1");
  expect(first.body["results"]).toHaveLength(2);
  const next = new URL(String(first.body["next"]));
  expect(next.searchParams.get("deduplication_key")).toBe("k1");
  const last = await ask(next.search);
  expect(last.body).toMatchObject({ next: null, results: [{ id: fake.bot("k1").id, state: "fatal_error" }] });
  expect((await ask("?deduplication_key=k2")).body["results"]).toEqual([]);
});

test("a bot does only what its state allows, by the API and in the meeting", async () => {
  await using fake = await startFakeAttendee({ stepMs: 1 });
  const ask = client(fake);
  const { body } = await ask("", order);
  const [id, bot] = [String(body["id"]), fake.bot("k1")];
  expect(() => bot.everyoneLeft()).not.toThrow();
  await expect.poll(() => bot.state()).toBe("ended");
  expect(() => bot.join()).toThrow("not allowed when bot is in state ended");
  const refused = await ask(`/${id}/leave`, {});
  expect(refused.status).toBe(400);
  expect(String(refused.body["error"])).toMatch(/^Event leave_requested not allowed when bot is in state ended\./);
  expect((await ask(`/${id}/delete_data`, {})).body["state"]).toBe("data_deleted");
  expect((await ask(`/${id}/delete_data`, {})).status).toBe(400);
});

test("a script moves each bot, and a bot that was told to leave stops it", async () => {
  await using fake = await startFakeAttendee({ script: ["waitingRoom", "admit", "everyoneLeft"], stepMs: 2 });
  const ask = client(fake);
  await ask("", order);
  await expect.poll(() => fake.bot("k1").state()).toBe("ended");
  expect(fake.bot("k1").events.map(({ type }) => type)).toEqual([
    "join_requested",
    "put_in_waiting_room",
    "joined_meeting",
    "recording_permission_granted",
    "leave_requested",
    "left_meeting",
    "post_processing_completed",
  ]);
  const { body } = await ask("", order);
  await ask(`/${String(body["id"])}/leave`, {});
  await expect.poll(() => fake.bot("k1").state()).toBe("ended");
  expect(fake.leavesOf("k1")).toBe(1);
  expect(fake.botsOf("k1")).toHaveLength(2);
});

test("how many bots were in one meeting at the same time is counted by meeting", async () => {
  await using fake = await startFakeAttendee();
  const ask = client(fake);
  await ask("", order);
  await ask("", { ...order, deduplication_key: "k2" });
  await ask("", { ...order, deduplication_key: "k3", meeting_url: "https://zoom.us/j/123" });
  for (const key of ["k1", "k3"]) fake.bot(key).join();
  expect(fake.mostAtOnce(meetingUrl)).toBe(1);
  fake.bot("k2").join();
  fake.bot("k1").end();
  expect([fake.mostAtOnce(meetingUrl), fake.mostAtOnce("https://zoom.us/j/123")]).toEqual([2, 1]);
});

test("a recording is real sound behind a link that expires, late or never if so told", async () => {
  await using fake = await startFakeAttendee({ stepMs: 1 });
  const ask = client(fake);
  const recorded = async () => {
    const { body } = await ask("", order);
    fake.bot("k1").join();
    fake.bot("k1").end();
    await expect.poll(() => fake.bot("k1").state()).toBe("ended");
    return ask(`/${String(body["id"])}/recording`);
  };
  const ready = await recorded();
  const url = String(ready.body["url"]);
  const download = await fetch(url);
  expect(
    Buffer.from(await download.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe("RIFF");
  fake.expireLinks();
  expect((await fetch(url)).status).toBe(403);
  fake.recordings("late");
  expect((await recorded()).body).toEqual({ error: "No recording file found for bot" });
  fake.bot("k1").deliverRecording();
  expect((await ask(`/${fake.bot("k1").id}/recording`)).status).toBe(200);
});

test("what sticks stays: nothing ends it in the meeting, or it never gets out", async () => {
  await using fake = await startFakeAttendee({ stepMs: 1 });
  const ask = client(fake);
  const { body } = await ask("", order);
  const bot = fake.bot("k1");
  bot.join();
  bot.stick("recording");
  bot.everyoneLeft();
  bot.end();
  expect(bot.state()).toBe("joined_recording");
  bot.stick("leaving");
  await ask(`/${String(body["id"])}/leave`, {});
  expect(bot.state()).toBe("leaving");
});

test("faults come as often as told, to the calls that are named", async () => {
  await using fake = await startFakeAttendee();
  const ask = client(fake);
  fake.failNext({ kind: "status", status: 429, retryAfter: "7" }, 2, "create");
  expect((await ask("")).status).toBe(200);
  expect([(await ask("", order)).status, (await ask("", order)).status]).toEqual([429, 429]);
  fake.failNext({ kind: "lost" }, 1, "create");
  await expect(ask("", order)).rejects.toThrow("fetch failed");
  expect(fake.botsOf("k1")).toHaveLength(1);
  fake.failNext({ kind: "slow", ms: 20 });
  expect((await ask("")).status).toBe(200);
});

test("webhooks are signed over what was meant, tried three times under one key, and given up", async () => {
  await using fake = await startFakeAttendee({ stepMs: 1 });
  await using it = await receiver(500, 429, 200, 503, 503, 503);
  const hook = fake.webhook(it.url, { retryMs: 1 });
  fake.project.add({ ...order, metadata: { recorderId: "r1", name: "Zoë 😀" } });
  await hook.settled();
  expect(hook.deliveries).toMatchObject([{ statuses: [500, 429, 200], isDelivered: true }]);
  expect(new Set(it.received.map(({ payload }) => payload["idempotency_key"])).size).toBe(1);
  for (const { headers, payload } of it.received) {
    expect(headers["x-webhook-signature"]).toBe(signAttendee(payload, fake.webhookSecret));
  }
  expect(it.received[0]?.payload).toMatchObject({
    bot_metadata: { name: "Zoë 😀" },
    trigger: "bot.state_change",
    data: { new_state: "joining", old_state: "ready", event_type: "join_requested", event_sub_type: null },
  });
  fake.bot("k1").waitingRoom();
  await hook.settled();
  expect(hook.deliveries[1]).toMatchObject({ statuses: [503, 503, 503], isDelivered: false });
});

test("webhooks are lost, repeated and out of order as told", async () => {
  await using fake = await startFakeAttendee({ stepMs: 1 });
  await using it = await receiver();
  const hook = fake.webhook(it.url, {
    lose: (index) => index === 1,
    repeat: 2,
    delayMs: (index) => (index === 0 ? 500 : 0),
  });
  const bot = fake.project.add(order);
  bot.join();
  bot.end();
  await expect.poll(() => bot.state()).toBe("ended");
  await hook.settled();
  expect(it.states().slice(-2)).toEqual(["joining", "joining"]);
  expect(it.states()).not.toContain("joined_not_recording");
  expect(it.received).toHaveLength(8);
});
