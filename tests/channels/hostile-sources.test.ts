import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeHub } from "#tests/fakes/hub.ts";
import { addChannel, channel, checked, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
let hub: Awaited<ReturnType<typeof fakeHub>>;
beforeAll(async () => {
  hub = await fakeHub();
  system = await startChannels();
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const megabyte = 1024 ** 2;

test("pushes that are forged, unsigned or bombs are refused, and leave no row; the hub's own orders a look", async () => {
  const { host, db } = system;
  const ann = await system.web.signUp();
  Object.assign(host.state, { hub: hub.url, feed: null });
  const topic = host.feedUrl;
  const { id } = await addChannel(ann, topic);
  await expect.poll(() => hub.held.has(topic)).toBe(true);
  await checked(ann, id);
  const callback = hub.held.get(topic)?.callback ?? "";
  const rows = async () => ({
    orders: await db.prisma.outbox.count({ where: { partitionKey: id } }),
    videos: await db.prisma.video.count({ where: { channelId: id } }),
    deliveries: await db.prisma.webhookDelivery.count(),
  });
  const before = await rows();
  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    (await fetch(callback, { method: "POST", body, headers })).status;
  const item = `<rss><channel><item><guid>forged</guid><title>Forged</title></item></channel></rss>`;
  const signed = { "x-hub-signature": `sha256=${"0".repeat(64)}` };
  expect([await post(item), await post(item, signed), await hub.push(topic, item, { secret: "another" })]).toEqual([
    401, 401, 401,
  ]);
  // Nothing is unpacked here: what a hub signs are the bytes as they come.
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(200 * megabyte), { level: 9 }));
  expect(await post(bomb, { ...signed, "content-encoding": "gzip" })).toBe(401);
  expect(await post("x".repeat(6 * megabyte), signed)).toBe(413);
  expect(await rows()).toEqual(before);
  expect(await hub.push(topic, item)).toBe(202);
  expect(await rows()).toEqual({ ...before, orders: before.orders + 1 });
});

const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join("");
const feedWith = (inside: string, before = "") =>
  `<?xml version="1.0"?>${before}<rss version="2.0"><channel><title>Talks</title>${inside}</channel></rss>`;
const item = `<item><guid>1</guid><title>&l9;</title><enclosure url="https://cdn.test/1.mp3" type="audio/mpeg" length="9"/></item>`;

test.each([
  ["entities made of entities", feedWith(item, `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>`), "hostile"],
  ["an entity that is a file", feedWith(item, `<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>`), "hostile"],
  ["tags without end", feedWith("<a>".repeat(1_000_000)), "damaged"],
  ["what is too much of it", feedWith(`<!--${" ".repeat(21 * megabyte)}-->`), "too_large"],
])("a feed of %s is refused with a reason, and leaves no row of an item", async (_name, body, problem) => {
  const { host, db } = system;
  const ann = await system.web.signUp();
  Object.assign(host.state, { hub: null, feed: { body, type: "application/rss+xml" } });
  const { id } = await addChannel(ann, host.feedUrl);
  await expect.poll(async () => (await channel(ann, id)).check.problem?.code).toBe(problem);
  expect(await db.prisma.video.count({ where: { channelId: id } })).toBe(0);
});
