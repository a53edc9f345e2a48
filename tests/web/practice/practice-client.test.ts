import { expect, test } from "vitest";
import { practiceRate } from "#domain/practice.ts";
import type { PracticeCaption } from "#domain/practice.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createPracticeClient } from "#web/practice-client/practice-client.ts";
import type { PracticeTicket } from "#web/practice/ticket.ts";
import { pause, until } from "../live/live-server.ts";
import { practiceMeeting, practiceServer, testAgent, tickets } from "./practice-setup.ts";
import type { PracticeServer } from "./practice-setup.ts";

/** The browser's own client, in Node. */
async function browser(server: Pick<PracticeServer, "port">, ticket: Partial<PracticeTicket> & { meetingId: string }) {
  const live: PracticeCaption[] = [];
  const whole: PracticeTicket = { participantId: newId(), name: "Anna", role: "member", ...ticket };
  const client = createPracticeClient({
    meetingId: whole.meetingId,
    ticket: await tickets.issueTicket(whole),
    origin: `ws://127.0.0.1:${server.port}`,
    onCaption: (caption) => live.push(caption),
    firstDelayMs: 20,
    longestDelayMs: 100,
    maxReconnectAttempts: 1_000,
  });
  client.start();
  await until(() => client.state().participantId !== null || client.state().outcome !== null, "the room's answer");
  return { ...client, live, ticket: whole, [Symbol.dispose]: client.close };
}

test("a browser comes back by itself to a room that was lost, still muted, with everything that was said", async () => {
  await using db = await testDatabase();
  const first = await practiceServer(db, { graceMs: 60_000 });
  const meetingId = await practiceMeeting(db);
  using anna = await browser(first, { meetingId });
  expect(anna.state()).toMatchObject({ connection: { state: "live" }, outcome: null });
  anna.mute(true);
  anna.say("Said before the crash");
  await until(() => anna.state().captions.length === 1 && anna.state().people[0]?.muted === true, "words and mute");
  await first.die();
  await until(() => anna.state().connection.state === "reconnecting", "the loss");
  expect(anna.say("Lost words")).toBe(false);
  await using second = await practiceServer(db, { port: first.port, graceMs: 60_000 });
  await until(() => anna.state().connection.state === "live", "the return");
  await until(() => anna.state().people[0]?.muted === true, "the mute, told anew");
  expect(anna.say("Said after the crash")).toBe(true);
  await until(() => anna.state().captions.length === 2, "both captions");
  expect(anna.state().captions.map(({ text }) => text)).toEqual(["Said before the crash", "Said after the crash"]);
  expect(second.port).toBe(first.port);
  await first[Symbol.asyncDispose]();
});

test("a page that is loaded anew is heard again, though it was muted before", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  using before = await browser(server, { meetingId });
  before.mute(true);
  await until(() => before.state().people[0]?.muted === true, "the mute");
  using after = await browser(server, before.ticket);
  await until(() => after.state().people[0]?.muted === false, "the open microphone");
  const ada = await testAgent(db, meetingId);
  after.sound(new Int16Array(1_600).buffer);
  await until(() => ada.sounds.length === 1, "the samples");
  expect(before.state().outcome).toBe("replaced");
});

test("words from before one joined are shown, and only what comes then is told as news", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  using anna = await browser(server, { meetingId });
  anna.say("Early");
  await until(() => anna.live.length === 1, "the first words");
  using ben = await browser(server, { meetingId, name: "Ben" });
  expect(ben.state().captions.map(({ text }) => text)).toEqual(["Early"]);
  anna.say("Late");
  await until(() => ben.live.length === 1, "the next words");
  expect(ben.live.map(({ text }) => text)).toEqual(["Late"]);
});

test("each way out is told apart: leaving others behind, leaving as the last, the host's end, another tab, a full room", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db, { mostPeople: 2 });
  const meetingId = await practiceMeeting(db);
  using anna = await browser(server, { meetingId });
  using ben = await browser(server, { meetingId });
  using third = await browser(server, { meetingId });
  await until(() => third.state().outcome === "full", "no place");
  await until(() => anna.state().people.length === 2, "both people");
  anna.leave();
  await until(() => anna.state().outcome === "left", "Anna's leave");
  using again = await browser(server, ben.ticket);
  await until(() => ben.state().outcome === "replaced", "the other tab");
  ben.start();
  await until(() => again.state().outcome === "replaced" && ben.state().connection.state === "live", "the way back");
  ben.leave();
  await until(() => ben.state().outcome === "last", "the last one's leave");

  const other = await practiceMeeting(db);
  using host = await browser(server, { meetingId: other, role: "host" });
  using guest = await browser(server, { meetingId: other, role: "guest" });
  host.endForAll();
  await until(() => host.state().outcome !== null && guest.state().outcome !== null, "the end for all");
  expect([host.state().outcome, guest.state().outcome]).toEqual(["ended", "ended"]);
});

test("leaving waits for no server", async () => {
  await using db = await testDatabase();
  const server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  using anna = await browser(server, { meetingId });
  await server.die();
  await until(() => anna.state().connection.state === "reconnecting", "the loss");
  anna.leave();
  expect(anna.state()).toMatchObject({ outcome: "last", connection: { state: "idle" } });
  await server[Symbol.asyncDispose]();
});

test("a muted microphone sends nothing, an open one its samples as they are", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  using anna = await browser(server, { meetingId });
  const ada = await testAgent(db, meetingId);
  const samples = Int16Array.from({ length: practiceRate / 10 }, (_, index) => index - 800);
  anna.mute(true);
  anna.sound(samples.slice().buffer);
  anna.mute(false);
  await until(() => anna.state().people[0]?.muted === false, "the microphone's opening");
  anna.sound(samples.slice().buffer);
  await until(() => ada.sounds.length === 1, "the samples");
  await pause(50);
  expect(ada.sounds).toHaveLength(1);
  expect(new Int16Array(Uint8Array.from(ada.sounds[0]!.subarray(4)).buffer)).toEqual(samples);
});
