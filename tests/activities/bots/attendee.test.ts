import { expect, test } from "vitest";
import { account, failureOf, meetingUrl, order, signal } from "./attendee-setup.ts";

test("a bot is ordered at once, under its key, with whose it is, sound only and what people are told", async () => {
  await using it = await account();
  const made = await it.attendee.create(order, signal);
  expect(made).toMatchObject({ state: "joining", reason: null, detail: "", joinedAt: null, leftAt: null });
  const [request] = it.fake.requests;
  expect(request?.body).toEqual({
    meeting_url: meetingUrl,
    bot_name: "Convene",
    deduplication_key: order.key,
    metadata: { recorderId: order.recorderId, key: order.key },
    recording_settings: { format: "mp3" },
    bot_chat_message: { to: "everyone", message: "This meeting is recorded." },
    transcription_settings: { meeting_closed_captions: { google_meet_language: "en-US" } },
  });
  expect(await it.attendee.find(order.key, signal)).toEqual(made);
});

test("captions are asked for in the meeting's language in Google Meet only", async () => {
  await using it = await account();
  const languages = ["ar", "de-CH", "es", "ja", "nb-NO", "pt-PT", "sw", "zh", "xx", ""];
  for (const language of languages) await it.bot({ key: `meet-${language}`, language });
  const zoom = "https://zoom.us/j/123?pwd=456";
  const teams = "https://teams.microsoft.com/meet/123?p=abc";
  for (const url of [zoom, teams]) await it.bot({ key: url, meetingUrl: url, language: "de" });
  const asked = it.fake.requests.map(({ body }) => body["transcription_settings"]);
  const captions = (code: string) => ({ meeting_closed_captions: { google_meet_language: code } });
  expect(asked.slice(0, 4)).toEqual([captions("ar-EG"), captions("de-DE"), captions("es-ES"), captions("ja-JP")]);
  expect(asked[6]).toEqual(captions("sw"));
  expect(asked.slice(7)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

test("names and messages that Attendee would refuse are sent so that it takes them", async () => {
  await using it = await account();
  const odd = [
    { botName: "Convene 🎙️", consentMessage: "Recording 🔴\nfor everybody" },
    { botName: "🎙", consentMessage: "🔴" },
    { botName: "x".repeat(300), consentMessage: "y".repeat(20_000) },
    { botName: "\ud83c half", consentMessage: "" },
  ];
  for (const [index, fields] of odd.entries()) await it.bot({ key: `odd-${index}`, ...fields });
  const bodies = it.fake.requests.map(({ body }) => body);
  expect(bodies.map((body) => String(body["bot_name"]).length)).toEqual([9, 8, 255, 4]);
  expect(bodies.map((body) => "bot_chat_message" in body)).toEqual([true, false, true, false]);
});

test("an answer that was lost leaves one bot, which is found", async () => {
  await using it = await account();
  it.fake.failNext({ kind: "lost" }, 1, "create");
  expect((await failureOf(it.attendee.create(order, signal))).type).toBe("bot_provider_unavailable");
  const found = await it.attendee.find(order.key, signal);
  expect(found).toMatchObject({ state: "joining" });
  // Ordering again in spite of it gives that very bot back.
  expect(await it.attendee.create(order, signal)).toEqual(found);
  expect(it.fake.botsOf(order.key)).toHaveLength(1);
});

test("many orders of one key at the same time are one bot", async () => {
  await using it = await account();
  const made = await Promise.all(Array.from({ length: 8 }, () => it.attendee.create(order, signal)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(it.fake.botsOf(order.key)).toHaveLength(1);
});

test("the newest bot of a key is found over pages, and nobody else's", async () => {
  await using it = await account({ pageSize: 2 });
  for (let round = 0; round < 5; round += 1) {
    const bot = await it.bot();
    bot.at.crash();
    await it.bot({ key: `another-${round}` });
  }
  const last = await it.bot();
  expect(await it.attendee.find(order.key, signal)).toMatchObject({ id: last.id, state: "joining" });
  expect(await it.attendee.find("never", signal)).toBeNull();
  const lists = it.fake.requests.filter(({ call }) => call === "list");
  expect(lists.length).toBe(4);
});

test("a list that has no end, or that does not know keys, gives no wrong bot", async () => {
  await using it = await account();
  const page = (results: object[], next: string | null) =>
    ({ kind: "status", status: 200, body: { results, next } }) as const;
  const stranger = { id: "bot_1", state: "joining", events: [], deduplication_key: "another" };
  it.fake.failNext(page([stranger, { ...stranger, deduplication_key: null }], null));
  expect(await it.attendee.find(order.key, signal)).toBeNull();
  // The key goes to the operator's address only, whatever the list says of the next page.
  it.fake.failNext(page([], "https://elsewhere.example/api/v1/bots?cursor=abc"));
  it.fake.failNext(page([], null));
  expect(await it.attendee.find(order.key, signal)).toBeNull();
  expect(it.fake.requests.at(-1)?.query.get("cursor")).toBe("abc");
  it.fake.failNext(page([], "https://elsewhere.example/api/v1/bots?cursor=abc"), 1000);
  expect((await failureOf(it.attendee.find(order.key, signal))).type).toBe("bot_provider_unavailable");
});

test("a bot is followed from the waiting room to its recording, by Attendee's clock", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.waitingRoom();
  expect(await bot.status()).toMatchObject({ state: "waiting_room", reason: null, joinedAt: null });
  bot.at.admit();
  const joinedAt = bot.at.events.find(({ type }) => type === "joined_meeting")?.created_at;
  const recordingSince = bot.at.events.at(-1)?.created_at;
  expect(await bot.status()).toMatchObject({ state: "recording", joinedAt, leftAt: null, at: recordingSince });
  expect(await it.attendee.recording(bot.id, signal)).toBeNull();
  bot.at.say("Grace", "Hello", [1.5, 3]);
  bot.at.end();
  const leftAt = bot.at.events.at(-1)?.created_at;
  await expect
    .poll(() => bot.status())
    .toMatchObject({
      state: "ended",
      reason: "meeting_ended",
      detail: "meeting_ended",
      joinedAt,
      leftAt,
    });
  const recording = await it.attendee.recording(bot.id, signal);
  expect((await fetch(recording?.url ?? "")).status).toBe(200);
  expect(await it.attendee.utterances(bot.id, signal)).toEqual([
    { speaker: "Grace", text: "Hello", startSeconds: 1.5, endSeconds: 3 },
  ]);
});

test.for([
  ["everyoneLeft", "alone", "leave_requested auto_leave_only_participant_in_meeting"],
  ["silence", "silent", "leave_requested auto_leave_silence"],
  // Attendee's API does not tell who ended it for the bot.
  ["kick", "meeting_ended", "meeting_ended"],
] as const)("after %s the reason is %s", async ([move, reason, detail]) => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.join();
  bot.at[move]();
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended", reason, detail });
});

test("a bot that never came in says why, and was never in", async () => {
  await using it = await account();
  const denied = await it.bot();
  denied.at.waitingRoom();
  denied.at.deny();
  expect(await denied.status()).toMatchObject({
    state: "failed",
    reason: "denied",
    detail: "could_not_join_meeting request_to_join_denied",
    joinedAt: null,
    leftAt: null,
  });
  const crashed = await it.bot();
  crashed.at.join();
  crashed.at.crash("heartbeat_timeout");
  const leftAt = crashed.at.events.at(-1)?.created_at;
  expect(await crashed.status()).toMatchObject({ state: "failed", reason: "crashed", leftAt });
});

test("a meeting that was sat out without a permission to record says so", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.forbidRecording();
  expect(await bot.status()).toMatchObject({ state: "in_call", reason: null });
  bot.at.end();
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended", reason: "recording_denied" });
  expect(await it.attendee.recording(bot.id, signal)).toBeNull();
});

test("leaving is told once or often, early or late, and always well", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.join();
  await it.attendee.leave(bot.id, signal);
  await it.attendee.leave(bot.id, signal);
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended", reason: "stopped" });
  await it.attendee.leave(bot.id, signal);
  await it.attendee.leave("bot_unknown", signal);
  const joining = await it.bot();
  await it.attendee.leave(joining.id, signal);
  await expect.poll(() => joining.status()).toMatchObject({ state: "ended", reason: "stopped", joinedAt: null });
  expect(it.fake.leavesOf(order.key)).toBe(4);
});

test("a leave that is refused while the bot is in the meeting is tried again later", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.join();
  it.fake.failNext({ kind: "status", status: 400, body: { error: "Version conflict. Please try again." } }, 1, "leave");
  const failure = await failureOf(it.attendee.leave(bot.id, signal));
  expect(failure).toMatchObject({ type: "bot_not_ready", nonRetryable: false });
  expect(failure.message).toContain("Version conflict");
});

test("data is erased once it can be, and only once; what was erased is no recording", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.join();
  expect((await failureOf(it.attendee.erase(bot.id, signal))).type).toBe("bot_not_ready");
  bot.at.say("Grace", "Hello", [0, 1]);
  bot.at.end();
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended" });
  await it.attendee.erase(bot.id, signal);
  await it.attendee.erase(bot.id, signal);
  await it.attendee.erase("bot_unknown", signal);
  expect(await bot.status()).toMatchObject({ state: "ended", reason: "meeting_ended" });
  expect(await it.attendee.recording(bot.id, signal)).toBeNull();
  expect(await it.attendee.utterances(bot.id, signal)).toEqual([]);
  expect(await it.attendee.status("bot_unknown", signal)).toBeNull();
});

test("a recording that comes late is none until it is there; utterances do not wait for it", async () => {
  await using it = await account({ recording: "late" });
  const bot = await it.bot();
  bot.at.join();
  bot.at.say("Alan", "First", [0.25, 1]);
  bot.at.end();
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended" });
  expect(await it.attendee.recording(bot.id, signal)).toBeNull();
  expect(await it.attendee.utterances(bot.id, signal)).toMatchObject([{ startSeconds: 0.25, endSeconds: 1 }]);
  bot.at.deliverRecording();
  expect(await it.attendee.recording(bot.id, signal)).not.toBeNull();
});
