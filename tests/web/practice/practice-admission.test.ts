import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { practiceRate } from "#domain/practice.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createPracticeTickets } from "#web/practice/ticket.ts";
import { pause, until } from "../live/live-server.ts";
import { practiceClient, practiceMeeting, practiceServer, testAgent, tickets } from "./practice-setup.ts";

const anna = { participantId: "anna", name: "Anna", role: "member" } as const;

async function refusal(url: string, options: Parameters<typeof practiceClient>[1] = {}) {
  const client = practiceClient(url, options);
  await until(() => client.refusedWith() !== null || client.messages.length > 0, "an answer");
  client.ws.terminate();
  return client.refusedWith();
}

test("a forged, foreign, expired or missing ticket, and one for another meeting, is refused with 401", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const good = await tickets.issueTicket({ meetingId, ...anna });
  const [head, payload = "", mac] = good.split(".");
  const promoted = JSON.stringify({ ...JSON.parse(Buffer.from(payload, "base64url").toString()), role: "host" });
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const claims = { mid: meetingId, name: "Anna", role: "host" };
  const unsigned = { ...claims, sub: "anna", iss: "convene", aud: "convene:practice", exp: Date.now() / 1000 + 60 };
  const bad = {
    missing: "",
    garbage: "x.y.z",
    promoted: [head, Buffer.from(promoted).toString("base64url"), mac].join("."),
    unsigned: `${Buffer.from('{"alg":"none","typ":"practice+jwt"}').toString("base64url")}.${Buffer.from(JSON.stringify(unsigned)).toString("base64url")}.`,
    foreign: await createPracticeTickets("another secret of more than 32 chars").issueTicket({ meetingId, ...anna }),
    otherKind: await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "practice+jwt" })
      .setSubject("anna")
      .sign(rsa),
    otherMeeting: await tickets.issueTicket({ meetingId: newId(), ...anna }),
  };
  for (const [kind, ticket] of Object.entries(bad)) {
    expect([kind, await refusal(server.url(meetingId, ticket))]).toEqual([kind, 401]);
  }
  expect(await db.prisma.practiceRoom.count()).toBe(0);
  expect(await refusal(server.url("not-an-id", good))).toBe(404);
  expect(await refusal(server.url(meetingId, good))).toBe(null);
});

test("a ticket ends after twelve hours", async () => {
  const meetingId = newId();
  const ticket = await tickets.issueTicket({ meetingId, ...anna });
  const { exp, iat } = JSON.parse(Buffer.from(ticket.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    number
  >;
  expect((exp ?? 0) - (iat ?? 0)).toBe(12 * 3600);
  expect(await tickets.readTicket(ticket)).toEqual({ meetingId, ...anna });
});

test("another site's page is refused with 403, whatever ticket it has; so is a stranger who says to be the agent", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const ticket = await tickets.issueTicket({ meetingId, ...anna });
  expect(await refusal(server.url(meetingId, ticket), { headers: { origin: "https://evil.example" } })).toBe(403);
  await server.join({ meetingId });
  const stranger = await testAgent(db, meetingId, "x".repeat(43));
  expect(stranger.refusedWith()).toBe(401);
  const { port } = server;
  const byTicket = practiceClient(`ws://127.0.0.1:${port}/ws/practice/${meetingId}/agent?ticket=${ticket}`);
  await until(() => byTicket.refusedWith() !== null, "the refusal");
  expect(byTicket.refusedWith()).toBe(401);
});

test("too many connections from one address are refused with 429", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db, { connectionsPerMinute: 3 });
  const meetingId = await practiceMeeting(db);
  const ticket = await tickets.issueTicket({ meetingId, ...anna });
  const answers = [];
  for (let tries = 0; tries < 4; tries += 1) answers.push(await refusal(server.url(meetingId, ticket)));
  expect(answers).toEqual([null, null, null, 429]);
});

test("a room has a limited number of places, and a meeting of another provider has no room at all", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db, { mostPeople: 2 });
  const meetingId = await practiceMeeting(db);
  await server.join({ meetingId });
  await server.join({ meetingId });
  const third = await server.join({ meetingId });
  expect(third.end()).toBe(4429);
  const other = await practiceMeeting(db);
  await db.prisma.meeting.update({ where: { id: other }, data: { provider: "stream" } });
  const lost = await server.join({ meetingId: other });
  expect(lost.end()).toBe(4410);
  expect(await db.prisma.practiceRoom.count()).toBe(1);
});

test("floods and giants are cut off, nonsense is passed over, and the others notice nothing", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const calm = await server.join({ meetingId, name: "Calm" });
  const giant = await server.join({ meetingId, name: "Giant" });
  const flood = await server.join({ meetingId, name: "Flood" });
  giant.ws.send(Buffer.alloc(70_000));
  await until(() => giant.end() !== null, "the giant's end");
  expect(giant.end()).toBe(1009);
  for (let sent = 0; sent < 200; sent += 1) flood.send({ type: "ping" });
  await until(() => flood.end() !== null, "the flood's end");
  expect(flood.end()).toBe(1008);
  calm.ws.send("not JSON");
  calm.ws.send(JSON.stringify({ type: "say", text: "x".repeat(4_001) }));
  calm.ws.send(JSON.stringify({ type: "say", text: "   " }));
  calm.ws.send(JSON.stringify({ type: "fly" }));
  calm.ws.send(Buffer.from([1, 2, 3]));
  calm.send({ type: "say", text: "I am still here." });
  await until(() => calm.captions().length === 1, "a sane turn");
  expect(calm.captions()[0]?.text).toBe("I am still here.");
});

test("sound faster than time is dropped, and an agent that does not read loses sound but no words", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  const ada = await testAgent(db, meetingId);
  const second = Buffer.alloc(practiceRate * 2);
  for (let sent = 0; sent < 30; sent += 1) anna.ws.send(second);
  anna.send({ type: "say", text: "After the noise" });
  await until(() => ada.orders.some(({ type }) => type === "say"), "the typed turn");
  // Ten seconds may come at once, and what time has given since.
  expect(ada.sounds.length).toBeGreaterThanOrEqual(10);
  expect(ada.sounds.length).toBeLessThan(20);

  ada.ws.pause();
  const dropped = async () =>
    Number(/convene_practice_dropped_sound_total (\d+)/.exec(await server.metrics.metrics())?.[1] ?? 0);
  const people = [];
  for (let number = 0; number < 11; number += 1) people.push(await server.join({ meetingId }));
  while ((await dropped()) === 0) {
    for (const person of people) person.ws.send(second);
    await pause(100);
  }
  anna.send({ type: "say", text: "Words are never dropped" });
  await pause(100);
  ada.ws.resume();
  await until(() => ada.orders.filter(({ type }) => type === "say").length === 2, "the second turn");
});
