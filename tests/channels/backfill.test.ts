import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { priorities } from "#domain/priorities.ts";
import { rssOf } from "#tests/fakes/podcast-feed.ts";
import type { FakeEpisode } from "#tests/fakes/podcast-feed.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { addChannel, checked, jobsBecome, jobsOf, roomClient, soundFile, startChannels } from "./system.ts";
import type { ChannelSystem } from "./system.ts";

let system: ChannelSystem;
beforeAll(async () => {
  system = await startChannels();
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => {
  const { host } = system;
  host.episodes.length = 0;
  host.requests.length = 0;
  Object.assign(host.state, { mediaFault: null, feedFault: null, link: null });
});

interface Backfill {
  id: string;
  status: string;
  totalFound: number | null;
  inLine: number;
  open: number;
  error: string | null;
}

const stalled = { kind: "stall", afterBytes: 1000 } as const;
const since = "2024-05-01";
let files = 0;
const talk = (title: string, day: string): FakeEpisode => {
  files += 1;
  const file = `old-${files}.wav`;
  system.host.keep(file, soundFile(), "audio/wav");
  return { guid: `old-${files}`, title, file, publishedAt: new Date(`${day}T10:00:00Z`), type: "audio/wav" };
};
const publish = (title: string, day: string) => {
  system.host.episodes.unshift(talk(title, day));
  system.host.changed();
};
/** Lays a page of older items, which names the next one if there is one. */
function layPage(path: string, episodes: FakeEpisode[], next: string | null) {
  const page = rssOf(episodes, { url: system.host.url, hub: null });
  const link = next === null ? "" : `<atom:link rel="next" href="${system.host.url}${next}"/>`;
  system.host.lay(path, page.replace("<itunes:author>", `${link}<itunes:author>`), "application/rss+xml");
}

const order = (person: TestPerson, channelId: string, from = since, prefix = "") =>
  person.json<{ id: string }>(`${prefix}/agents/${channelId}/backfills`, { method: "POST", body: { since: from } });
const ask = (person: TestPerson, path: string) =>
  fetch(`${system.web.url}${path}`, { method: "POST", headers: person.headers });
const backfills = async (person: TestPerson, channelId: string) =>
  (await person.json<{ backfills: Backfill[] }>(`/agents/${channelId}/backfills`)).backfills;
async function becomes(person: TestPerson, channelId: string, wanted: object) {
  await expect.poll(async () => (await backfills(person, channelId))[0]).toMatchObject(wanted);
}
const statusOf = async (response: Promise<Response>) => (await response).status;

test("D-43 D-44 D-45 D-46 D-47 D-64 D-65 a backfill brings in what all pages hold since its day, and tells how it goes", async () => {
  const ann = await system.web.signUp();
  publish("Of June", "2024-06-01");
  layPage("/2.xml", [talk("Of May", "2024-05-02")], "/3.xml");
  // A chain that leads back ends there.
  layPage("/3.xml", [talk("Of the first", "2024-05-01"), talk("Of April", "2024-04-30")], "/2.xml");
  system.host.state.link = `<${system.host.url}/2.xml>; rel="next"`;
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  await expect.poll(() => room.socket.connected).toBe(true);

  system.host.state.mediaFault = { kind: "status", status: 404 };
  const backfill = await order(ann, id);
  await becomes(ann, id, { status: "completed", totalFound: 3, inLine: 3, open: 0, error: null });
  const runs = await system.db.prisma.run.findMany({ where: { channelId: id }, select: { priority: true } });
  expect(runs.map(({ priority }) => priority)).toEqual(Array.from({ length: 4 }, () => priorities.backfill));
  await expect.poll(() => room.named("job:failed")).toHaveLength(3);
  await expect.poll(() => room.named("backfill:completed")).toHaveLength(1);
  const told = { backfillId: backfill.id };
  expect(room.events.filter(({ name }) => !name.startsWith("job:"))).toMatchObject([
    { name: "backfill:started", data: { ...told, totalVideos: 3, since: "2024-05-01T00:00:00.000Z" } },
    { name: "video:discovered", data: { ...told, title: "Of the first" } },
    { name: "video:discovered", data: { ...told, title: "Of May" } },
    { name: "video:discovered", data: { ...told, title: "Of June" } },
    { name: "backfill:completed", data: { ...told, totalFound: 3, totalEnqueued: 3 } },
  ]);
  expect(room.named("job:failed")).toMatchObject([told, told, told]);
  // One notice for all of them.
  const { items } = await ann.json<{ items: object[] }>("/api/notifications");
  const body = "0 of 3 became episodes, 3 failed or were cancelled.";
  expect(items).toMatchObject([{ type: "backfill.completed", body }]);
  const run = await system.db.prisma.run.findUniqueOrThrow({ where: { id: backfill.id } });
  expect(run.workflowId).toBe(`backfill:${id}:2024-05-01T00:00:00.000Z:1`);

  // Once it is over, another one of the same day finds nothing that is left.
  const again = await order(ann, id, since, "/api");
  expect(again.id).not.toBe(backfill.id);
  await becomes(ann, id, { id: again.id, status: "completed", totalFound: 3, inLine: 0 });
});

test("weak points 8 and 9: backfills and looks at once make one job of each video, and tell of it once", async () => {
  const ann = await system.web.signUp();
  for (let day = 1; day <= 5; day += 1) publish(`Talk ${day}`, `2024-05-0${day}`);
  system.host.state.mediaFault = stalled;
  const { id } = await addChannel(ann, system.host.feedUrl);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const [one, same, other] = await Promise.all([
    order(ann, id),
    order(ann, id),
    order(ann, id, "2024-05-02T00:00:00+00:00"),
    ask(ann, `/api/channels/${id}/check`),
  ]);
  expect([same.id === one?.id, other?.id === one?.id]).toEqual([true, false]);
  const working = Object.fromEntries([1, 2, 3, 4, 5].map((day) => [`Talk ${day}`, "processing"]));
  await jobsBecome(ann, id, working);
  await expect.poll(() => room.named("backfill:completed")).toHaveLength(2);
  expect(await jobsOf(ann, id)).toHaveLength(5);
  expect(new Set(room.named("video:discovered").map((data) => (data as { videoId: string }).videoId)).size).toBe(5);
  expect(room.named("video:discovered")).toHaveLength(5);
  const enqueued = room.named("backfill:completed") as { totalEnqueued: number }[];
  expect(enqueued.reduce((sum, { totalEnqueued }) => sum + totalEnqueued, 0)).toBe(5);
});

test("weak point 10: ten of a backfill's jobs are at work at a time; it is cancelled, and goes on from there", async () => {
  const ann = await system.web.signUp();
  for (let day = 10; day < 22; day += 1) publish(`Talk ${day}`, `2024-05-${day}`);
  publish("Notices", "2024-05-30");
  system.host.state.mediaFault = stalled;
  const { id } = await addChannel(ann, system.host.feedUrl, { filters: { excludeWords: ["notices"], maxAgeDays: 1 } });
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const backfill = await order(ann, id);
  await becomes(ann, id, { status: "processing", totalFound: 13, inLine: 10, open: 10 });
  const end = async () => {
    const atWork = async () => (await jobsOf(ann, id)).find(({ status }) => status === "processing")?.id;
    // One that is in line is at work some steps later.
    await expect.poll(atWork).toBeDefined();
    expect(await statusOf(ask(ann, `/agents/${id}/jobs/${await atWork()}/cancel`))).toBe(202);
  };
  await end();
  await becomes(ann, id, { inLine: 11, open: 10 });
  expect(await statusOf(ask(ann, `/agents/${id}/backfills/${backfill.id}/cancel`))).toBe(202);
  await becomes(ann, id, { status: "cancelled", inLine: 11, open: 10 });
  await expect.poll(() => room.named("backfill:failed")).toMatchObject([{ backfillId: backfill.id }]);
  expect(await statusOf(ask(ann, `/agents/${id}/backfills/${backfill.id}/retry`))).toBe(202);
  await end();
  await becomes(ann, id, { id: backfill.id, status: "processing", inLine: 12, open: 10 });
  await expect.poll(() => room.named("backfill:completed")).toMatchObject([{ totalFound: 13, totalEnqueued: 12 }]);
  const { items } = await ann.json<{ items: object[] }>(`/api/channels/${id}/videos`);
  expect(items).toMatchObject([{ title: "Notices", state: "skipped", reason: "Its title holds “notices”." }]);
  expect(await statusOf(ask(ann, `/agents/${id}/backfills/${id}/cancel`))).toBe(404);
});

test("a backfill whose source breaks off says so, and reads on at that page when it is tried again", async () => {
  const ann = await system.web.signUp();
  publish("Of June", "2024-06-01");
  system.host.state.link = `<${system.host.url}/older.xml>; rel="next"`;
  system.host.lay("/older.xml", "<html><title>Oops</title></html>", "text/html");
  const { id } = await addChannel(ann, system.host.feedUrl);
  await checked(ann, id);
  using room = roomClient({ url: system.web.url, token: ann.token }, id);
  const backfill = await order(ann, id);
  await becomes(ann, id, { status: "failed", totalFound: null, inLine: 0, error: expect.stringContaining("no feed") });
  await expect.poll(() => room.named("backfill:failed")).toMatchObject([{ backfillId: backfill.id }]);
  const { items } = await ann.json<{ items: object[] }>("/api/notifications");
  expect(items).toMatchObject([{ type: "backfill.failed", link: `/podcasts/${id}` }]);

  const read = system.host.requestsOf("/feed.xml").length;
  system.host.state.mediaFault = stalled;
  layPage("/older.xml", [talk("Of May", "2024-05-02")], null);
  expect(await statusOf(ask(ann, `/agents/${id}/backfills/${backfill.id}/retry`))).toBe(202);
  await jobsBecome(ann, id, { "Of June": "processing", "Of May": "processing" });
  expect(system.host.requestsOf("/feed.xml")).toHaveLength(read);
});

test("a day that is none, or to come, is refused", async () => {
  const ann = await system.web.signUp();
  const { id } = await addChannel(ann, system.host.feedUrl);
  for (const day of ["", "yesterday", "2024-02-30", "1969-12-31", "2999-01-01", "0000-01-01", 5, null]) {
    const answer = fetch(`${system.web.url}/agents/${id}/backfills`, {
      method: "POST",
      headers: { ...ann.headers, "content-type": "application/json" },
      body: JSON.stringify({ since: day }),
    });
    expect([day, await statusOf(answer)]).toEqual([day, 400]);
  }
});
