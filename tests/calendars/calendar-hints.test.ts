import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hintAddresses } from "#activities/clients/accounts/watching.ts";
import { startFakeMicrosoft } from "#tests/fakes/microsoft.ts";
import type { GraphEvent } from "#tests/fakes/microsoft.ts";
import { startAccountSystem } from "./account-setup.ts";
import { meeting, startGoogleSystem } from "./google-setup.ts";
import type { GoogleSystem } from "./google-setup.ts";
import { eventsOf, inHours, syncNow } from "./system.ts";

let system: GoogleSystem;
beforeAll(async () => {
  system = await startGoogleSystem();
  system.hints.address = `${system.web.url}/api/webhook/google-calendar`;
});
afterAll(() => system[Symbol.asyncDispose]());

const channelsOf = (calendarId: string) => system.db.prisma.calendarChannel.findMany({ where: { calendarId } });
const send = (headers: Record<string, string>, body?: string, path = "google-calendar") =>
  fetch(`${system.web.url}/api/webhook/${path}`, { method: "POST", headers, ...(body === undefined ? {} : { body }) });

test("providers are asked to tell of changes where they can reach this server, over https", () => {
  expect(hintAddresses("https://convene.example.com/")("google")).toBe(
    "https://convene.example.com/api/webhook/google-calendar",
  );
  expect(hintAddresses("http://localhost:3000")("google")).toBeNull();
  expect(hintAddresses(undefined)("google")).toBeNull();
});

test("a change that Google tells of is read at once; many words about it are one reading", async () => {
  const { ann, id, account } = await system.connected([meeting("a", 1)]);
  const { startedAt } = await system.db.prisma.calendar.findUniqueOrThrow({ where: { id } });
  account.put(meeting("b", 2));
  expect(await system.google.push(ann.email)).toEqual([204]);
  await expect.poll(() => eventsOf(ann)).toHaveLength(2);
  // While a reading waits already, a word more orders none.
  const { prisma } = system.db;
  await prisma.calendar.update({ where: { id }, data: { requestedAt: inHours(1) } });
  const ordered = () => prisma.outbox.count({ where: { kind: "calendar.sync", partitionKey: id } });
  const before = await ordered();
  for (let at = 0; at < 5; at += 1) expect(await system.google.push(ann.email)).toEqual([204]);
  expect(await ordered()).toBe(before);
  const row = await prisma.calendar.findUniqueOrThrow({ where: { id } });
  expect(row.startedAt?.getTime()).toBeGreaterThan(startedAt?.getTime() ?? 0);
});

test("nobody without a channel's token is heard, nor told whether there is such a channel", async () => {
  const { id } = await system.connected([meeting("a", 1)]);
  const [channel] = await channelsOf(id);
  const of = (channelId: string, token: string) => ({ "x-goog-channel-id": channelId, "x-goog-channel-token": token });
  const bodies = await Promise.all(
    [
      {},
      of(channel!.id, ""),
      of(channel!.id, "another"),
      of(channel!.id, channel!.tokenHash),
      of(randomUUID(), "another"),
      of("no id", "x"),
      of("x".repeat(5_000), "x"),
    ].map(async (headers) => {
      const answer = await send(headers);
      const { requestId: _, ...body } = (await answer.json()) as Record<string, unknown>;
      return JSON.stringify([answer.status, body]);
    }),
  );
  expect(new Set(bodies).size).toBe(1);
  expect(bodies[0]).toContain("[404,");
  expect((await fetch(`${system.web.url}/api/webhook/google-calendar`)).status).toBe(405);
});

test("a channel is replaced before it ends, and the one before is stopped", async () => {
  const { ann, id } = await system.connected();
  const [first] = await channelsOf(id);
  await syncNow(ann, id);
  expect(await channelsOf(id)).toEqual([first]);
  const [createdAt, expiresAt] = [inHours(-5 * 24), inHours(2 * 24)];
  await system.db.prisma.calendarChannel.update({ where: { id: first!.id }, data: { createdAt, expiresAt } });
  await syncNow(ann, id);
  const [second, ...more] = await channelsOf(id);
  expect([second?.id === first?.id, more]).toEqual([false, []]);
  expect([system.google.channels.has(first!.id), system.google.channels.has(second!.id)]).toEqual([false, true]);
});

test("a calendar that cannot be watched is read all the same, and Google is not asked for it each time", async () => {
  system.google.state.refusesWatch = true;
  const { ann, id, accountId } = await system.connected([meeting("a", 1)]);
  system.google.state.refusesWatch = false;
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
  expect(await channelsOf(id)).toMatchObject([{ remoteId: null }]);
  const account = await system.db.prisma.calendarAccount.findUnique({ where: { id: accountId } });
  expect(account?.needsConsentSince).toBeNull();
});

test("with a calendar its channel ends, with the account all do", async () => {
  const { ann, id, add } = await system.connected();
  const team = await add("team");
  const [[one], [other]] = [await channelsOf(id), await channelsOf(team)];
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  await expect.poll(() => system.google.channels.has(one!.id)).toBe(false);
  expect(system.google.channels.has(other!.id)).toBe(true);
  await ann.json(`/api/calendars/${team}`, { method: "DELETE" });
  await expect.poll(() => system.google.channels.has(other!.id)).toBe(false);
  await expect.poll(() => system.db.prisma.calendarChannel.count({ where: { id: other!.id } })).toBe(0);
});

test("Microsoft's subscriptions are confirmed, heard by their own word alone, and ended with the calendar", async () => {
  await using microsoft = await startFakeMicrosoft();
  const graph = await startAccountSystem<GraphEvent>("microsoft", microsoft);
  const address = `${graph.web.url}/api/webhook/microsoft-calendar`;
  graph.hints.address = address;
  const { ann, id, account } = await graph.connected();
  expect([...microsoft.subscriptions.values()]).toMatchObject([{ email: ann.email, notificationUrl: address }]);
  const time = (at: Date) => ({ dateTime: at.toISOString().replace("Z", ""), timeZone: "UTC" });
  account.put({ id: "a", subject: "Planning", start: time(inHours(1)), end: time(inHours(2)) });
  expect(await microsoft.push(ann.email)).toEqual([202]);
  await expect.poll(() => eventsOf(ann)).toHaveLength(1);
  const post = (body: string, type = "application/json") =>
    fetch(address, { method: "POST", headers: { "content-type": type }, body });
  const state = (clientState: unknown) => JSON.stringify({ value: [{ clientState }] });
  for (const body of [
    "",
    "{",
    "null",
    "[]",
    state(1),
    state("x"),
    state(`${randomUUID()}.x`),
    state("x".repeat(200)),
  ]) {
    expect((await post(body)).status).toBeLessThan(500);
    expect((await post(body)).status).toBeGreaterThanOrEqual(400);
  }
  expect((await post(state("x"), "text/plain")).status).toBe(404);
  const asked = await fetch(`${address}?validationToken=${encodeURIComponent("<script>")}`, { method: "POST" });
  expect([asked.headers.get("content-type"), asked.headers.get("x-content-type-options")]).toEqual([
    "text/plain; charset=utf-8",
    "nosniff",
  ]);
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  await expect.poll(() => microsoft.subscriptions.size).toBe(0);
  await graph[Symbol.asyncDispose]();
});
