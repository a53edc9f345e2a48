import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSealer } from "#records/seal.ts";
import { feedAddress } from "#records/calendars/feed-address.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { startFeed } from "./feed.ts";
import { connect, eventsOf, inHours, startCalendars, syncNow, synced } from "./system.ts";

let system: Awaited<ReturnType<typeof startCalendars>>;
beforeAll(async () => {
  system = await startCalendars();
});
afterAll(() => system[Symbol.asyncDispose]());

const rowOf = (id: string) => system.db.prisma.calendar.findUniqueOrThrow({ where: { id } });

async function connected() {
  const feed = await startFeed();
  feed.state.events = [{ uid: "a", title: "Planning", at: inHours(1) }];
  const ann = await system.web.signUp();
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  return { ann, id, feed, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
}

test("whoever reads the database does not read a feed's address, a new one neither", async () => {
  await using calendar = await connected();
  const { ann, id, feed } = calendar;
  const stored = await rowOf(id);
  expect(stored.host).toBe(new URL(feed.url).host);
  const other = `${feed.url}?other`;
  await ann.json(`/api/calendars/${id}`, { method: "PATCH", body: { url: other } });
  await synced(ann, id);
  const changed = await rowOf(id);
  expect(JSON.stringify([stored, changed])).not.toContain(new URL(feed.url).pathname.slice(1));
  expect(await feedAddress({ prisma: system.db.prisma, sealer: testSealer }, changed)).toBe(other);
});

test("an address that an earlier release stored is sealed by the next sync", async () => {
  await using calendar = await connected();
  const { ann, id, feed } = calendar;
  await system.db.prisma.calendar.update({ where: { id }, data: { url: feed.url, host: null } });
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
  const { url, host } = await rowOf(id);
  expect(testSealer.isCurrent(url ?? "")).toBe(true);
  expect(host).toBe(new URL(feed.url).host);
});

test("under a new key an address is sealed anew once, by however many at a time, and a change meanwhile stays", async () => {
  await using calendar = await connected();
  const { id, feed } = calendar;
  const { prisma } = system.db;
  const key = { id: "new", key: randomBytes(32) };
  const rotated = { prisma, sealer: createSealer([key, ...system.web.env.SEAL_KEYS]) };
  const before = await rowOf(id);
  const read = await Promise.all([1, 2, 3].map(() => feedAddress(rotated, before)));
  expect(read).toEqual([feed.url, feed.url, feed.url]);
  const after = await rowOf(id);
  expect(await feedAddress({ prisma, sealer: createSealer([key]) }, after)).toBe(feed.url);
  expect(await feedAddress(rotated, before)).toBe(feed.url);
  expect((await rowOf(id)).url).toBe(after.url);
});

test("an address that was moved from another calendar's row is not fetched, and its events stay", async () => {
  await using mine = await connected();
  await using theirs = await connected();
  const { url } = await rowOf(theirs.id);
  await system.db.prisma.calendar.update({ where: { id: mine.id }, data: { url } });
  const asked = theirs.feed.asked.length;
  expect((await syncNow(mine.ann, mine.id)).sync).toMatchObject({ state: "failed", problem: { code: "locked" } });
  expect(theirs.feed.asked).toHaveLength(asked);
  expect(await eventsOf(mine.ann)).toMatchObject([{ title: "Planning" }]);
  await mine.ann.json(`/api/calendars/${mine.id}`, { method: "PATCH", body: { url: mine.feed.url } });
  expect((await synced(mine.ann, mine.id)).sync.state).toBe("ok");
});
