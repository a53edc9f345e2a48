import { expect, test } from "vitest";
import { failureOf, order, signal } from "./attendee-setup.ts";
import { recallAccount } from "./recall-setup.ts";

test("an order says what is wanted: sound and captions, no video, and whose bot it is", async () => {
  await using it = await recallAccount();
  const made = await it.recall.create(order, signal);
  expect(made).toMatchObject({ state: "requested", reason: null, joinedAt: null });
  const { body, headers } = it.fake.requests[0]!;
  expect(body).toEqual({
    meeting_url: order.meetingUrl,
    bot_name: "Convene",
    metadata: { recorderId: order.recorderId, key: order.key },
    recording_config: {
      audio_mixed_mp3: {},
      video_mixed_mp4: null,
      transcript: { provider: { meeting_captions: {} } },
    },
    chat: { on_bot_join: { send_to: "everyone", message: order.consentMessage } },
  });
  expect(headers["idempotency-key"]).toBe(`${order.key}:0`);
});

test("names and messages are cut to what the platform takes, and a platform without a chat gets none", async () => {
  await using it = await recallAccount();
  const long = { botName: "n".repeat(300), consentMessage: "m".repeat(9_000) };
  const lengths = async (meetingUrl: string) => {
    await it.recall.create({ ...order, ...long, meetingUrl, key: meetingUrl }, signal);
    const body = it.fake.requests.at(-1)?.body as { bot_name: string; chat?: { on_bot_join: { message: string } } };
    return [body.bot_name.length, body.chat?.on_bot_join.message.length];
  };
  expect(await lengths("https://meet.google.com/abc-defg-hij")).toEqual([100, 500]);
  expect(await lengths("https://us02web.zoom.us/j/1")).toEqual([100, 4_096]);
  expect(await lengths("https://teams.microsoft.com/meet/1")).toEqual([100, 4_096]);
  expect(await lengths("https://acme.webex.com/meet/pat")).toEqual([100, undefined]);
});

test("a bot whose creation was never answered is found by its key, over all pages", async () => {
  await using it = await recallAccount({ pageSize: 1 });
  for (const key of ["a", "b"]) await it.bot({ key });
  it.fake.failNext({ kind: "lost" }, 1, "create");
  expect((await failureOf(it.recall.create(order, signal))).type).toBe("bot_provider_unavailable");
  expect((await it.recall.find(order.key, signal))?.id).toBe(it.fake.bot(order.key).id);
  expect(await it.recall.find("unknown", signal)).toBeNull();
});

test("a creation whose outcome nobody knows is repeated under its name: one bot", async () => {
  await using it = await recallAccount();
  it.fake.failNext({ kind: "lost" }, 1, "create");
  await failureOf(it.recall.create(order, signal));
  const again = await it.recall.create(order, signal);
  expect(it.fake.bots).toHaveLength(1);
  expect(again.id).toBe(it.fake.bot(order.key).id);
});

test("an empty pool is come back to under another name, also from another process", async () => {
  await using it = await recallAccount({ pool: 0 });
  const full = await failureOf(it.recall.create(order, signal));
  expect(full).toMatchObject({ type: "bot_limit", nonRetryable: false });
  expect(Number(full.nextRetryDelay)).toBeGreaterThanOrEqual(30_000);
  it.fake.workspace.pool = 1;
  // Recall answers the first name with the refusal for an hour.
  const other = it.newClient();
  expect((await failureOf(other.create(order, signal))).type).toBe("bot_limit");
  expect((await other.create(order, signal)).id).toBe(it.fake.bot(order.key).id);
  expect((await it.recall.create(order, signal)).id).toBe(it.fake.bot(order.key).id);
  expect(it.fake.bots).toHaveLength(1);
});

test("of several bots of one key the one under way is found, else the last", async () => {
  await using it = await recallAccount();
  const first = it.fake.workspace.add({ meeting_url: order.meetingUrl, metadata: { key: order.key } });
  const second = it.fake.workspace.add({ meeting_url: order.meetingUrl, metadata: { key: order.key } });
  first.waitingRoom();
  second.refuse("meeting_full");
  expect((await it.recall.find(order.key, signal))?.id).toBe(first.id);
  first.crash();
  expect((await it.recall.find(order.key, signal))?.id).toBe(first.id);
});

test("a visit is followed to its recording and what was said, by whom", async () => {
  await using it = await recallAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.waitingRoom();
  expect(await bot.status()).toMatchObject({ state: "waiting_room", joinedAt: null });
  bot.at.admit();
  const joinedAt = bot.at.changes.find(({ code }) => code === "in_call_not_recording")?.created_at;
  expect(await bot.status()).toMatchObject({ state: "recording", reason: null, joinedAt, leftAt: null });
  expect(await it.recall.recording(bot.id, signal)).toBeNull();
  bot.at.say("Grace", "Hello there", [1.5, 3]);
  bot.at.say("Ada", "Yes", [0, 1]);
  bot.at.end();
  const leftAt = bot.at.changes.find(({ code }) => code === "call_ended")?.created_at;
  await expect
    .poll(() => bot.status())
    .toMatchObject({ state: "ended", reason: "meeting_ended", detail: "call_ended call_ended_by_host", leftAt });
  const recording = await it.recall.recording(bot.id, signal);
  expect((await fetch(recording?.url ?? "")).headers.get("content-type")).toBe("audio/mpeg");
  expect(await it.recall.utterances(bot.id, signal)).toEqual([
    { speaker: "Ada", text: "Yes", startSeconds: 0, endSeconds: 1 },
    { speaker: "Grace", text: "Hello there", startSeconds: 1.5, endSeconds: 3 },
  ]);
});

test("a bot is told to leave, and nothing happens where it has left or is not known", async () => {
  await using it = await recallAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.join();
  await it.recall.leave(bot.id, signal);
  await expect.poll(() => bot.status()).toMatchObject({ state: "ended", reason: "stopped" });
  await it.recall.leave(bot.id, signal);
  await it.recall.leave("00000000-0000-4000-8000-000000000000", signal);
  expect(bot.at.leaves()).toBe(2);
});

test("a bot that is too new to be told is told later", async () => {
  await using it = await recallAccount({ stepMs: 60_000 });
  const bot = await it.bot();
  const early = await failureOf(it.recall.leave(bot.id, signal));
  expect(early).toMatchObject({ type: "bot_not_ready", nonRetryable: false });
  expect(early.message).toContain("has not been started");
});

test("what was recorded is erased once, and not while the bot is in the meeting", async () => {
  await using it = await recallAccount({ stepMs: 1 });
  const bot = await it.bot();
  bot.at.join();
  expect((await failureOf(it.recall.erase(bot.id, signal))).type).toBe("bot_not_ready");
  bot.at.end();
  await expect.poll(() => bot.at.state()).toBe("done");
  for (let round = 0; round < 2; round += 1) await it.recall.erase(bot.id, signal);
  await it.recall.erase("00000000-0000-4000-8000-000000000000", signal);
  expect(await it.recall.recording(bot.id, signal)).toBeNull();
  expect(await it.recall.utterances(bot.id, signal)).toEqual([]);
});

test("a bot that is not known is told as such, and nothing of the way between is taken for it", async () => {
  await using it = await recallAccount();
  const unknown = "00000000-0000-4000-8000-000000000000";
  expect(await it.recall.status(unknown, signal)).toBeNull();
  expect(await it.recall.recording(unknown, signal)).toBeNull();
  it.fake.failNext({ kind: "status", status: 404, body: [] });
  expect((await failureOf(it.recall.status(unknown, signal))).type).toBe("bot_provider_unavailable");
});
