import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rssOf } from "#tests/fakes/podcast-feed.ts";
import { fakeHub } from "#tests/fakes/hub.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { addChannel, channel, checked, jobsBecome, roomClient, startChannels } from "./system.ts";
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
beforeEach(() => {
  system.host.episodes.length = 0;
  Object.assign(system.host.state, { hub: hub.url, feed: null, mediaFault: { kind: "status", status: 404 } });
  Object.assign(hub.state, { behaviour: "good", leaseSeconds: 1_000 });
  hub.held.clear();
  hub.requests.length = 0;
});

const topic = () => system.host.feedUrl;
const row = (channelId: string) => system.db.prisma.websubSubscription.findUniqueOrThrow({ where: { channelId } });
/** A channel whose feed's hub tells of it. */
async function subscribed(person: TestPerson) {
  const { id } = await addChannel(person, topic());
  await expect.poll(() => hub.held.has(topic())).toBe(true);
  await checked(person, id);
  return { id, callback: hub.held.get(topic())?.callback ?? "" };
}
const lookAgain = (person: TestPerson, id: string) => person.json(`/api/channels/${id}/check`, { method: "POST" });
const orders = (channelId: string) =>
  system.db.prisma.outbox.count({ where: { kind: "channel.check", partitionKey: channelId } });

test("D-49 a hub's push is the way of a look: a job, and the same events", async () => {
  const ann = await system.web.signUp();
  const { id } = await subscribed(ann);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => room.socket.connected).toBe(true);
  system.host.add({ guid: "pushed", title: "Pushed", file: "1.mp3", publishedAt: new Date(Date.now() + 5_000) });
  expect(await hub.push(topic(), "<rss/>")).toBe(202);
  await jobsBecome(ann, id, { Pushed: "failed" });
  await expect.poll(() => room.events.map(({ name }) => name)).toContain("job:failed");
  expect(room.events[0]).toMatchObject({ name: "video:discovered", data: { title: "Pushed" } });
});

test("weak point D 8: a video that a push, a look and a backfill find at once has one job, and is told of once", async () => {
  const ann = await system.web.signUp();
  const { id } = await subscribed(ann);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => room.socket.connected).toBe(true);
  system.host.add({ guid: "at-once", title: "At once", file: "1.mp3", publishedAt: new Date() });
  const backfill = { method: "POST", body: { since: "2024-05-01" } };
  await Promise.all([
    hub.push(topic(), "<rss/>"),
    hub.push(topic(), "<rss>again</rss>"),
    lookAgain(ann, id),
    ann.json(`/agents/${id}/backfills`, backfill),
  ]);
  await expect.poll(() => room.named("backfill:completed")).toHaveLength(1);
  await jobsBecome(ann, id, { "At once": "failed" });
  // Every look that was ordered is over.
  const { prisma } = system.db;
  await expect
    .poll(async () => {
      const { checkedAt, requestedAt } = await prisma.channel.findUniqueOrThrow({ where: { id } });
      const waiting = { kind: "channel.check", partitionKey: id, state: "new" };
      return (checkedAt ?? 0) > (requestedAt ?? 0) && (await prisma.outbox.count({ where: waiting })) === 0;
    })
    .toBe(true);
  expect(await prisma.run.count({ where: { channelId: id, kind: "video" } })).toBe(1);
  expect(room.named("video:discovered")).toMatchObject([{ title: "At once" }]);
});

test("a push counts only with its hub's signature over its bytes, by each method of WebSub", async () => {
  const ann = await system.web.signUp();
  const { id, callback } = await subscribed(ann);
  await ann.json(`/api/channels/${id}/pause`, { method: "POST", body: {} });
  for (const method of ["sha1", "sha256", "sha384", "sha512"])
    expect(await hub.push(topic(), "x", { method })).toBe(202);
  expect(await hub.push(topic(), "x", { method: "md5" })).toBe(401);
  expect(await hub.push(topic(), "x", { secret: "another" })).toBe(401);
  const send = async (to: string, headers: Record<string, string> = {}, body = "x") =>
    (await fetch(to, { method: "POST", body, headers })).status;
  expect(await send(callback)).toBe(401);
  expect(await send(callback, { "x-hub-signature": `sha256=${"0".repeat(63)}` })).toBe(401);
  expect(await send(callback, {}, "x".repeat(5_000_001))).toBe(413);
  expect(await send(`${callback}x`)).toBe(404);
  expect((await fetch(callback, { method: "PUT" })).status).toBe(405);
  // Of a channel that is paused none of them is news.
  const before = await orders(id);
  await hub.push(topic(), "y");
  expect(await orders(id)).toBe(before);
});

test("a hub is answered only of the topic that was asked for; its lease is kept, and renewed at 60 %", async () => {
  const ann = await system.web.signUp();
  const { id, callback } = await subscribed(ann);
  const { leaseUntil, askAt } = await row(id);
  const lasts = (at: Date | null) => Math.round(((at?.getTime() ?? 0) - Date.now()) / 100_000);
  expect([lasts(leaseUntil), lasts(askAt)]).toEqual([10, 6]);

  const challenge = "<script>alert(1)</script>";
  const question = { mode: "subscribe", topic: topic(), challenge, lease_seconds: "600" };
  expect(await hub.ask(callback, question)).toEqual({ status: 200, body: challenge });
  const statusOf = async (more: object) => (await hub.ask(callback, { ...question, ...more })).status;
  expect(await statusOf({ topic: "https://evil.example/feed" })).toBe(404);
  expect(await statusOf({ mode: "unsubscribe" })).toBe(404);
  expect(await statusOf({ mode: "nothing" })).toBe(404);
  expect(await statusOf({ challenge: "" })).toBe(404);
  await system.db.prisma.websubSubscription.update({ where: { channelId: id }, data: { pendingUntil: new Date(0) } });
  expect(await statusOf({})).toBe(404);

  await system.db.prisma.websubSubscription.update({ where: { channelId: id }, data: { askAt: new Date(0) } });
  await lookAgain(ann, id);
  await expect.poll(() => hub.requests.map(({ mode }) => mode)).toEqual(["subscribe", "subscribe"]);
  await expect.poll(async () => lasts((await row(id)).leaseUntil)).toBe(10);
});

test.each(["refuse", "silent", "deny"] as const)("a hub that does %s costs a channel nothing", async (behaviour) => {
  const ann = await system.web.signUp();
  hub.state.behaviour = behaviour;
  const { id } = await addChannel(ann, topic());
  await expect.poll(() => hub.requests.length).toBe(1);
  const problem = { refuse: "The hub answered 403.", silent: null, deny: "Not here" }[behaviour];
  await expect.poll(async () => (await row(id)).problem).toBe(problem);
  expect(await row(id)).toMatchObject({ leaseUntil: null });
  await lookAgain(ann, id);
  await checked(ann, id);
  expect(await channel(ann, id)).toMatchObject({ check: { problem: null } });
  // It is not asked again with every look.
  expect(hub.requests).toHaveLength(1);
});

test("a channel that is deleted leaves its hub", async () => {
  const ann = await system.web.signUp();
  const { id } = await subscribed(ann);
  const answer = await fetch(`${system.web.url}/api/channels/${id}`, { method: "DELETE", headers: ann.headers });
  expect(answer.status).toBe(204);
  const pass = await system.client.workflow.start("channelPass", {
    taskQueue: system.taskQueue,
    workflowId: `pass-${id}`,
  });
  await pass.result();
  await expect.poll(() => hub.held.has(topic())).toBe(false);
  expect(hub.requests.at(-1)).toMatchObject({ mode: "unsubscribe", topic: topic() });
});

test("a deletion that a push or the feed tells of ends what was not begun, also where the feed still lists it", async () => {
  const ann = await system.web.signUp();
  const longAgo = new Date("2024-05-01T10:00:00Z");
  const guids = ["by-push", "by-feed", "stays"];
  for (const guid of guids) system.host.add({ guid, title: guid, file: `${guid}.mp3`, publishedAt: longAgo });
  const { id } = await subscribed(ann);
  const titles = async () => {
    const { items } = await ann.json<{ items: { title: string }[] }>(`/api/channels/${id}/videos`);
    return items.map(({ title }) => title).toSorted();
  };
  expect(await titles()).toEqual(guids.toSorted());
  const tombstone = (guid: string) =>
    `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${guid}" when="2026-11-02T10:00:00Z"/>`;
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom">${tombstone("by-push")}</feed>`;
  expect(await hub.push(topic(), feed, { secret: "another" })).toBe(401);
  expect(await titles()).toHaveLength(3);
  expect(await hub.push(topic(), feed)).toBe(202);
  await expect.poll(titles).toEqual(["by-feed", "stays"]);
  const whole = rssOf(system.host.episodes, { url: system.host.url, hub: hub.url });
  const body = whole.replace("</channel>", `${tombstone("by-feed")}</channel>`);
  system.host.state.feed = { body, type: "application/rss+xml" };
  system.host.changed();
  await lookAgain(ann, id);
  await expect.poll(titles).toEqual(["stays"]);
});
