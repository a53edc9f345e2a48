import { expect, test } from "vitest";
import { account, failureOf, signal } from "./attendee-setup.ts";

test("who is in the meeting is told by who came and went, over all pages", async () => {
  await using it = await account({ pageSize: 2 });
  const bot = await it.bot();
  bot.at.join();
  expect(await it.attendee.presence?.(bot.id, signal)).toEqual({ people: 0, lastSpokenAt: null });
  for (const name of ["Ada", "Grace", "Alan"]) bot.at.person(name, "join");
  expect(await it.attendee.presence?.(bot.id, signal)).toEqual({ people: 3, lastSpokenAt: null });
  for (const name of ["Ada", "Grace"]) bot.at.person(name, "leave");
  bot.at.person("Ada", "join");
  expect(await it.attendee.presence?.(bot.id, signal)).toMatchObject({ people: 2 });
});

test("when somebody was heard last is told by speech and by what was transcribed, the later of both", async () => {
  await using it = await account();
  const bot = await it.bot();
  bot.at.join();
  bot.at.say("Grace", "Hello", [0, 0.001]);
  const began = bot.at.recordingStart()?.getTime() ?? 0;
  expect(await it.attendee.presence?.(bot.id, signal)).toMatchObject({ lastSpokenAt: new Date(began + 1) });
  bot.at.person("Grace", "speech_start");
  const { at = 0 } = bot.at.people.at(-1) ?? {};
  expect(await it.attendee.presence?.(bot.id, signal)).toEqual({ people: 0, lastSpokenAt: new Date(at) });
});

test("an Attendee without such a list, or with one without end, says nothing of people", async () => {
  await using it = await account({ pageSize: 1 });
  const bot = await it.bot();
  bot.at.join();
  it.fake.failNext({ kind: "status", status: 404, body: { error: "Not found" } }, 1, "participant_events");
  expect(await it.attendee.presence?.(bot.id, signal)).toMatchObject({ people: null });
  for (let count = 0; count < 41; count += 1) bot.at.person(`Person ${count}`, "join");
  expect(await it.attendee.presence?.(bot.id, signal)).toMatchObject({ people: null });
});

test("of a bot that is not known nothing is told, and an outage is a failure", async () => {
  await using it = await account();
  expect(await it.attendee.presence?.("bot_unknown", signal)).toBeNull();
  const bot = await it.bot();
  it.fake.failNext({ kind: "status", status: 503 }, 1, "participant_events");
  expect((await failureOf(it.attendee.presence!(bot.id, signal))).type).toBe("bot_provider_unavailable");
});
