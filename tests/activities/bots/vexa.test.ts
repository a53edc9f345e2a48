import { expect, test } from "vitest";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { GuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { readOffered } from "#activities/clients/calls/offered-file.ts";
import { failureOf, signal } from "./attendee-setup.ts";
import { another, order, vexaAccount } from "./vexa-setup.ts";

test("an order is planned under its key, and its bot takes over the plan", async () => {
  await using it = await vexaAccount();
  const made = await it.vexa.create(order, signal);
  expect(made).toMatchObject({ state: "requested", reason: null, joinedAt: null });
  expect(it.fake.account.rows).toHaveLength(1);
  const [plan, sent] = it.fake.requests.filter(({ method }) => method === "POST");
  expect(plan?.body).toEqual({ title: order.key, meeting_url: order.meetingUrl, auto_join: false });
  expect(sent?.body).toEqual({
    platform: "google_meet",
    native_meeting_id: "abc-defg-hij",
    meeting_url: order.meetingUrl,
    bot_name: "Convene",
    language: "en",
    recording_enabled: true,
  });
  expect((await it.vexa.find(order.key, signal))?.id).toBe(made.id);
  expect(await it.vexa.find(another.key, signal)).toBeNull();
});

test("a bot whose creation was never answered is found by its key, and a plan without one is not taken for a bot", async () => {
  await using it = await vexaAccount();
  it.fake.failNext({ kind: "lost" }, 1, "plan");
  expect((await failureOf(it.vexa.create(order, signal))).type).toBe("bot_provider_unavailable");
  expect(await it.vexa.find(order.key, signal)).toBeNull();
  it.fake.failNext({ kind: "lost" }, 1, "create");
  await failureOf(it.vexa.create(order, signal));
  const found = await it.vexa.find(order.key, signal);
  expect(found?.id).toBe(it.fake.bot(order.key).id);
  expect((await it.vexa.create(order, signal)).id).toBe(found?.id);
  expect([it.fake.bots.length, it.fake.account.rows.length]).toEqual([1, 1]);
});

test("a key is found behind many meetings, the newest first", async () => {
  await using it = await vexaAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.join();
  bot.at.end();
  for (let count = 0; count < 120; count += 1) {
    it.fake.account.add({ platform: "zoom", native: String(100_000_000 + count), meetingUrl: "", title: "Other" });
  }
  expect((await it.vexa.find(order.key, signal))?.id).toBe(bot.id);
});

test("what was over days ago is not looked through for a key", async () => {
  await using it = await vexaAccount();
  for (let count = 0; count < 200; count += 1) {
    const old = it.fake.account.add({ platform: "zoom", native: String(count), meetingUrl: "", title: "Other" });
    Object.assign(old.row, { status: "completed", createdAt: new Date(Date.now() - 3 * 86_400_000) });
  }
  expect(await it.vexa.find(order.key, signal)).toBeNull();
  expect(it.fake.requests).toHaveLength(1);
});

test("another visit of the same meeting waits for the bot that is there, and never takes it for its own", async () => {
  await using it = await vexaAccount({ stepMs: 1 });
  const first = await it.bot();
  first.at.join();
  expect(await failureOf(it.vexa.create(another, signal))).toMatchObject({
    type: "bot_room_taken",
    nonRetryable: false,
  });
  expect(await it.vexa.find(another.key, signal)).toBeNull();
  first.at.end();
  const second = await it.vexa.create(another, signal);
  expect(second.id).not.toBe(first.id);
  // Told to leave late, the first does not send the second out.
  await it.vexa.leave(first.id, signal);
  expect(it.fake.bot(another.key).leaves()).toBe(0);
});

test("a bot that somebody else sends between plan and order makes the order wait, and leaves no plan behind", async () => {
  await using it = await vexaAccount();
  it.fake.failNext({ kind: "status", status: 409, body: { detail: "A bot is already active" } }, 1, "create");
  expect((await failureOf(it.vexa.create(order, signal))).type).toBe("bot_room_taken");
  expect(it.fake.account.rows).toEqual([]);
});

test("a refused order leaves no plan behind, and a plan that was left long ago makes way", async () => {
  await using it = await vexaAccount({ concurrentLimit: 0 });
  expect((await failureOf(it.vexa.create(order, signal))).type).toBe("bot_limit");
  expect(it.fake.account.rows).toEqual([]);
  it.fake.account.concurrentLimit = 1;
  const place = { platform: "google_meet", native: "abc-defg-hij", meetingUrl: order.meetingUrl };
  const left = it.fake.account.add({ ...place, title: another.key });
  expect((await failureOf(it.vexa.create(order, signal))).type).toBe("bot_room_taken");
  left.row.createdAt = new Date(Date.now() - 3 * 60_000);
  expect((await it.vexa.create(order, signal)).id).toBe(it.fake.bot(order.key).id);
});

test("a person's own plan at Vexa stays", async () => {
  await using it = await vexaAccount();
  const place = { platform: "google_meet", native: "abc-defg-hij", meetingUrl: order.meetingUrl };
  const own = it.fake.account.add({ ...place, title: "Q3 kickoff" });
  own.row.createdAt = new Date(0);
  expect((await failureOf(it.vexa.create(order, signal))).type).toBe("bot_room_taken");
  expect(it.fake.account.rows).toEqual([own]);
});

test("where nobody transcribes, a bot records all the same", async () => {
  await using it = await vexaAccount();
  it.fake.account.hasSpeech = false;
  await it.vexa.create(order, signal);
  expect(it.fake.requests.at(-1)?.body).toMatchObject({ transcribe_enabled: false, recording_enabled: true });
  expect(it.fake.bots).toHaveLength(1);
});

test("a visit is followed to its recording, which is fetched under the key, and to what was said, by whom", async () => {
  await using it = await vexaAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.waitingRoom();
  expect(await bot.status()).toMatchObject({ state: "waiting_room", joinedAt: null });
  bot.at.admit();
  const joinedAt = bot.at.startedAt();
  expect(await bot.status()).toMatchObject({ state: "recording", reason: null, joinedAt, leftAt: null });
  expect(await it.vexa.recording(bot.id, signal)).toBeNull();
  bot.at.say("Grace", "Hello there", [1.5, 3]);
  bot.at.say("", "Yes", [0, 1]);
  bot.at.end();
  const leftAt = bot.at.endedAt();
  expect(await bot.status()).toMatchObject({ state: "ended", reason: "alone", detail: "completed left_alone", leftAt });
  const recording = await it.vexa.recording(bot.id, signal);
  expect((await fetch(recording?.url ?? "")).status).toBe(401);
  const offered = { ...recording, url: recording?.url, providerUrl: it.fake.baseUrl, mostBytes: 1e8, signal };
  expect((await readOffered(createGuardedFetch({ allow: [] }), offered)).slice(0, 4)).toBe("RIFF");
  expect(await it.vexa.utterances(bot.id, signal)).toEqual([
    { speaker: "", text: "Yes", startSeconds: 0, endSeconds: 1 },
    { speaker: "Grace", text: "Hello there", startSeconds: 1.5, endSeconds: 3 },
  ]);
});

test("the key goes to Vexa's own address and to no other", async () => {
  const sent: unknown[] = [];
  const guardedFetch: GuardedFetch = async (url, { headers }) => {
    sent.push([url, headers]);
    throw new Error("enough");
  };
  const own = {
    providerUrl: "http://vexa.internal:8056",
    headers: { "x-api-key": "secret" },
    mostBytes: 1_000,
    signal,
  };
  const urls = ["http://vexa.internal:8056/raw", "https://vexa.internal:8056/raw", "https://files.example.org/raw"];
  for (const url of urls) await failureOf(readOffered(guardedFetch, { ...own, url }));
  expect(sent).toEqual([
    [urls[0], own.headers],
    [urls[1], undefined],
    [urls[2], undefined],
  ]);
});

test("who was heard last is told; who is there is not", async () => {
  await using it = await vexaAccount();
  const bot = await it.bot();
  bot.at.join();
  expect(await it.vexa.presence?.(bot.id, signal)).toEqual({ people: null, lastSpokenAt: null });
  bot.at.say("Ada", "Good morning", [2, 4]);
  const lastSpokenAt = new Date((bot.at.startedAt()?.getTime() ?? 0) + 4_000);
  expect(await it.vexa.presence?.(bot.id, signal)).toEqual({ people: null, lastSpokenAt });
  expect(await it.vexa.presence?.("999", signal)).toBeNull();
});

test("a bot is told to leave, and nothing happens where it has left or is not known", async () => {
  await using it = await vexaAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.join();
  await it.vexa.leave(bot.id, signal);
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended", reason: "stopped" });
  await it.vexa.leave(bot.id, signal);
  await it.vexa.leave("999", signal);
  expect(bot.at.leaves()).toBe(1);
});

test("what was recorded is erased once, and not while the bot is in the meeting", async () => {
  await using it = await vexaAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.join();
  expect((await failureOf(it.vexa.erase(bot.id, signal))).type).toBe("bot_not_ready");
  bot.at.say("Ada", "Good morning", [0, 1]);
  bot.at.end();
  for (let round = 0; round < 2; round += 1) await it.vexa.erase(bot.id, signal);
  await it.vexa.erase("999", signal);
  expect(await it.vexa.recording(bot.id, signal)).toBeNull();
  expect(await it.vexa.utterances(bot.id, signal)).toEqual([]);
});

test.for([
  ["https://meet.google.com/abc-defg-hij?authuser=1", "google_meet", "abc-defg-hij"],
  ["https://us02web.zoom.us/j/81234567890?pwd=x", "zoom", "81234567890"],
  ["https://teams.microsoft.com/meet/3974210564869?p=x", "teams", "3974210564869"],
  [
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_MzY%40thread.v2/0?context=x",
    "teams",
    "19:meeting_MzY@thread.v2",
  ],
] as const)("%s is a meeting on %s by the name %s", async ([meetingUrl, platform, native]) => {
  await using it = await vexaAccount();
  it.fake.failNext({ kind: "status", status: 201, body: { id: 1, platform, status: "idle" } }, 1, "plan");
  await it.vexa.create({ ...order, meetingUrl }, signal);
  expect(it.fake.requests.at(-1)?.body).toMatchObject({ platform, native_meeting_id: native, meeting_url: meetingUrl });
});

test.each(["https://zoom.us/my/pat", "https://meet.google.com/lookup/team", "https://acme.webex.com/meet/pat", "x"])(
  "a link that Vexa does not know is refused before anything is asked: %s",
  async (meetingUrl) => {
    await using it = await vexaAccount();
    expect(await failureOf(it.vexa.create({ ...order, meetingUrl }, signal))).toMatchObject({
      type: "bot_refused",
      nonRetryable: true,
    });
    expect(it.fake.requests).toEqual([]);
  },
);
