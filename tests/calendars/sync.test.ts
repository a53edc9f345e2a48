import { afterAll, beforeAll, expect, test } from "vitest";
import { dueCalendars } from "#records/calendars/sync.ts";
import { calendarText, startFeed } from "./feed.ts";
import { connect, eventsOf, inHours, startCalendars, syncNow, synced } from "./system.ts";

let system: Awaited<ReturnType<typeof startCalendars>>;
beforeAll(async () => {
  system = await startCalendars();
});
afterAll(() => system[Symbol.asyncDispose]());

const meet = "https://meet.google.com/abc-defg-hij";

test("B-33 a calendar is read as soon as it is connected, and each event says whether it is joined and why", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  feed.state.events = [
    { uid: "a", title: "Planning", at: inHours(1), link: meet },
    { uid: "b", title: "Lunch", at: inHours(2) },
  ];
  const made = await connect(ann, feed.url, { name: "Work" });
  expect(made).toMatchObject({ name: "Work", host: new URL(feed.url).host, sync: { problem: null } });
  expect(JSON.stringify(made)).not.toContain("private-secret");
  expect(await synced(ann, made.id)).toMatchObject({ upcoming: 2, sync: { state: "ok", failures: 0 } });
  expect(await eventsOf(ann)).toMatchObject([
    { title: "Planning", meetingUrl: meet, decision: { join: false, reason: "auto_record_off" }, override: "default" },
    { title: "Lunch", meetingUrl: null, decision: { join: false, reason: "no_link" } },
  ]);
});

test("an event keeps its id while it is moved, renamed, taken away and listed again", async () => {
  await using feed = await startFeed();
  const later = inHours(5);
  const ann = await system.web.signUp();
  feed.state.events = [{ uid: "a", title: "Planning", at: inHours(1), link: meet }];
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  const [first] = await eventsOf(ann);
  feed.state.events = [{ uid: "a", title: "Planning II", at: later, link: meet }];
  await syncNow(ann, id);
  expect(await eventsOf(ann)).toMatchObject([{ id: first!.id, title: "Planning II", start: later.toISOString() }]);
  feed.state.events = [];
  await syncNow(ann, id);
  expect(await eventsOf(ann)).toEqual([]);
  expect((await ann.json<{ items: object[] }>("/api/calendar/auto-join/logs")).items).toEqual([]);
  feed.state.events = [{ uid: "a", title: "Planning II", at: later, link: meet }];
  await syncNow(ann, id);
  expect(await eventsOf(ann)).toMatchObject([{ id: first!.id }]);
});

test("a feed that did not change is not read again, and is asked with what it said of its version", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  feed.state.events = [{ uid: "a", title: "Planning", at: inHours(1) }];
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  const before = await system.db.prisma.calendarEvent.findMany({ where: { calendarId: id } });
  await syncNow(ann, id);
  expect(feed.asked.at(-1)?.["if-none-match"]).toMatch(/^"/);
  expect(await system.db.prisma.calendarEvent.findMany({ where: { calendarId: id } })).toEqual(before);
});

const failing = [
  ["a wall", 401, "not_allowed"],
  ["nothing", 404, "gone"],
  ["a fault", 503, "server_error"],
  ["a page", 200, "not_a_calendar"],
] as const;
test.each(failing)(
  "where a calendar's server answers with %s (%i), its state says so and its events stay",
  async (_what, status, code) => {
    await using feed = await startFeed();
    const ann = await system.web.signUp();
    feed.state.events = [{ uid: "a", title: "Planning", at: inHours(1) }];
    const { id } = await connect(ann, feed.url);
    await synced(ann, id);
    feed.state.answer = (response) =>
      response.writeHead(status, { "content-type": "text/html" }).end("<html>Sign in</html>");
    const failed = await syncNow(ann, id);
    expect(failed.sync).toMatchObject({ state: "failed", failures: 1, problem: { code } });
    expect(await eventsOf(ann)).toMatchObject([{ title: "Planning" }]);
    feed.state.answer = null;
    expect((await syncNow(ann, id)).sync).toMatchObject({ state: "ok", failures: 0, problem: null });
  },
);

test("a person is told once of a calendar that cannot be read, with the way out", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  feed.state.answer = (response) => response.writeHead(404).end();
  const { id } = await connect(ann, feed.url, { name: "Work" });
  await synced(ann, id);
  await syncNow(ann, id);
  const notices = await system.db.prisma.notification.findMany({ where: { userId: ann.userId } });
  expect(notices).toMatchObject([{ type: "calendar.failing", title: "The calendar “Work” cannot be read" }]);
});

test("an address inside the network is not fetched", async () => {
  const ann = await system.web.signUp();
  const { id } = await connect(ann, "http://10.0.0.1/feed.ics");
  expect((await synced(ann, id)).sync).toMatchObject({ state: "failed", problem: { code: "refused" } });
});

test("a calendar is due again after its time, and not while it is being synced", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  const { prisma } = system.db;
  expect(await dueCalendars(prisma, 100)).not.toContain(id);
  await prisma.calendar.update({ where: { id }, data: { nextSyncAt: new Date(0) } });
  expect(await dueCalendars(prisma, 100)).toContain(id);
  await prisma.calendar.update({ where: { id }, data: { leaseUntil: inHours(1) } });
  expect(await dueCalendars(prisma, 100)).not.toContain(id);
  await prisma.calendar.update({ where: { id }, data: { leaseUntil: new Date(0) } });
  await system.client.workflow.execute("calendarPass", {
    taskQueue: system.taskQueue,
    workflowId: `calendarPass:${id}`,
  });
  expect(feed.asked).toHaveLength(2);
  expect((await synced(ann, id)).sync.state).toBe("ok");
});

test("by the clock a calendar is read once in each interval, by the pass that comes with its end", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  const { startedAt, nextSyncAt } = await system.db.prisma.calendar.findUniqueOrThrow({ where: { id } });
  const passAt = startedAt!.getTime() + 300_000;
  expect(nextSyncAt.getTime()).toBeLessThan(passAt);
  expect(nextSyncAt.getTime()).toBeGreaterThan(passAt - 60_000);
});

test("a calendar file is read like a feed, and given anew it takes the place of the one before", async () => {
  const ann = await system.web.signUp();
  const content = calendarText([{ uid: "a", title: "Planning", at: inHours(1), link: meet }]);
  const made = await ann.json<{ id: string }>("/api/calendars", { method: "POST", body: { kind: "file", content } });
  await synced(ann, made.id);
  expect(await eventsOf(ann)).toMatchObject([{ title: "Planning" }]);
  const later = calendarText([{ uid: "a", title: "Review", at: inHours(1), link: meet }]);
  await ann.json(`/api/calendars/${made.id}`, { method: "PATCH", body: { content: later } });
  await expect.poll(async () => (await eventsOf(ann)).map(({ title }) => title)).toEqual(["Review"]);
});

test("a calendar file of megabytes is taken from a person with an account, and from nobody else", async () => {
  const ann = await system.web.signUp();
  const filler = Array.from({ length: 40_000 }, (_, index) => `X-FILLER-${index}:${"x".repeat(50)}`);
  const content = calendarText([{ uid: "a", title: "Planning", at: inHours(1), link: meet, lines: filler }]);
  expect(content.length).toBeGreaterThan(2e6);
  const body = JSON.stringify({ kind: "file", content });
  const send = (headers: Record<string, string>) =>
    fetch(`${system.web.url}/api/calendars`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", origin: system.web.url },
      body,
    });
  expect((await send({})).status).toBe(413);
  const made = await send(ann.headers);
  expect(made.status).toBe(201);
  await synced(ann, ((await made.json()) as { id: string }).id);
  expect(await eventsOf(ann)).toMatchObject([{ title: "Planning" }]);
});

test("B-88 a calendar that is disconnected leaves nothing behind", async () => {
  await using feed = await startFeed();
  const ann = await system.web.signUp();
  feed.state.events = [{ uid: "a", title: "Planning", at: inHours(1), link: meet }];
  const { id } = await connect(ann, feed.url);
  await synced(ann, id);
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  const { prisma } = system.db;
  expect(await prisma.calendarEvent.count({ where: { calendarId: id } })).toBe(0);
  expect(await prisma.calendarContent.count({ where: { calendarId: id } })).toBe(0);
  expect(await eventsOf(ann)).toEqual([]);
});
