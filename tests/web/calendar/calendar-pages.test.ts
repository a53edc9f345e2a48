import { afterAll, beforeAll, expect, test } from "vitest";
import { fullHour, invited, syncedCalendar } from "#tests/calendars/synced-calendar.ts";
import { startCalendarPages } from "./calendar-web.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

test("without a calendar the page says how to begin, and who sees what", async () => {
  const ada = await pages.signUp();
  const text = await pages.html("/calendar", ada);
  expect(text).toContain("Connect a calendar");
  expect(text).toContain("Only you see your calendar and its events");
  expect(text).toContain('href="/calendar/connections"');
});

test("B-46 B-48 list and details show whether an event is joined, and why", async () => {
  const { ada, rows } = await pages.personWith({ title: "Planning" }, { title: "Lunch", meeting: null });
  await pages.recordAll(ada.userId);
  const list = await pages.html("/calendar?view=agenda", ada);
  expect(list).toContain("Will be joined: your rules let it.");
  expect(list).toContain("Will not be joined: it holds no link of a meeting.");
  const planning = rows.find(({ title }) => title === "Planning");
  const details = await pages.html(`/calendar/events/${planning?.id}`, ada);
  expect(details).toContain("Will be joined: your rules let it.");
  expect(details).toContain("You changed your rules");
  expect(details).toContain('href="/record?title=Planning"');
});

test("B-45 the way into a meeting is on a card where nothing joins by itself, and always on the details", async () => {
  const { ada, rows } = await pages.personWith({ title: "Planning" });
  const link = 'href="https://meet.google.com/abc-defg-hij" target="_blank" rel="noopener noreferrer"';
  expect(await pages.html("/calendar?view=agenda", ada)).toContain(link);
  await pages.recordAll(ada.userId);
  expect(await pages.html("/calendar?view=agenda", ada)).not.toContain(link);
  expect(await pages.html(`/calendar/events/${rows[0]?.id}`, ada)).toContain(link);
});

test("B-47 a person overrules for one event or its series, is told what it changed, and what undoes it", async () => {
  const series = [1, 2].map((hours) => ({
    uid: "series",
    title: "Weekly",
    startsAt: fullHour(hours),
    originalStart: fullHour(hours).toISOString(),
  }));
  const { ada, rows } = await pages.personWith(...series);
  expect(await pages.html("/calendar?view=agenda", ada)).toMatch(/Joining Weekly: <\/span>By your rules/);
  const said = { intent: "override", eventId: rows[0]?.id ?? "" };
  const always = await pages.act("/calendar.data", { ...said, scope: "series", override: "always" }, ada);
  expect([always.status, await always.text()]).toEqual([200, expect.stringContaining('"changed",2')]);
  await pages.act("/calendar", { ...said, scope: "one", override: "never" }, ada);
  const text = await pages.html("/calendar?view=agenda", ada);
  expect(text).toMatch(/Joining Weekly: <\/span>Never join/);
  expect(text).toMatch(/Joining Weekly: <\/span>Always join/);
  expect(await pages.html("/calendar/log", ada)).toContain("You said so about the event");
});

test("what cannot be joined anyway has nothing to choose, until something was said that can be taken back", async () => {
  const { ada, rows } = await pages.personWith({ title: "Lunch", meeting: null });
  expect(await pages.html("/calendar?view=agenda", ada)).not.toContain("Joining Lunch");
  await pages.act("/calendar", { intent: "override", eventId: rows[0]?.id ?? "", override: "always" }, ada);
  expect(await pages.html("/calendar?view=agenda", ada)).toMatch(/Joining Lunch: <\/span>Always join/);
});

test("what an event says is text: its links are only those to the web, and its markup is none", async () => {
  const description = "<img src=x onerror=alert(1)> javascript:alert(2) https://a.example/?q=1&x=2. Bye";
  const attendees = [invited("bo@b.example", "tentative", "Bo <b>Larsen</b>")];
  const { ada, rows } = await pages.personWith({ title: "<i>Plan</i>", description, attendees });
  const text = await pages.html(`/calendar/events/${rows[0]?.id}`, ada);
  expect(text).toContain("&lt;img src=x onerror=alert(1)&gt; javascript:alert(2) ");
  expect(text).toContain('href="https://a.example/?q=1&amp;x=2" target="_blank"');
  expect(text).toContain("Bo &lt;b&gt;Larsen&lt;/b&gt; (bo@b.example)");
  expect(text).toContain("&lt;i&gt;Plan&lt;/i&gt;");
});

test("a cancelled event is struck through and cannot be joined, one that is over is told of as such", async () => {
  const { ada } = await pages.personWith(
    { title: "Called off", isCancelled: true },
    { title: "Past", startsAt: new Date(Date.now() - 90_000), endsAt: new Date(Date.now() - 60_000) },
  );
  const text = await pages.html(
    `/calendar?view=agenda&from=${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}`,
    ada,
  );
  expect(text).toContain("<s>Called off</s>");
  expect(text).toContain("Was not to be joined: it is over.");
  expect(text).not.toContain(">Join<");
});

test("the week is a grid whose events open by a button that says what is decided", async () => {
  const startsAt = fullHour(1);
  const { ada } = await pages.personWith({ title: "Planning", startsAt });
  const week = await pages.html(`/calendar?view=week&from=${startsAt.toISOString().slice(0, 10)}`, ada);
  expect(week).toMatch(/<button[^>]*aria-haspopup="dialog"[^>]*>[\s\S]*?Planning[\s\S]*?Will not be joined/);
  expect(await pages.html("/calendar?view=week&from=2030-01-07", ada)).not.toContain("Planning");
});

test("a calendar that cannot be read, and one that was never read, are told of with the way out", async () => {
  const { ada, work } = await pages.personWith({ title: "Planning" });
  await work.fail("gone");
  await syncedCalendar(pages.prisma, ada, { name: "New one", url: "https://new.example.com/a.ics" });
  const text = await pages.html("/calendar", ada);
  expect(text).toContain("“Work” cannot be read");
  expect(text).toContain("Copy its address anew from the calendar&#x27;s settings.");
  expect(text).toContain("“New one” is being read for the first time.");
  expect(await pages.html("/calendar?view=agenda", ada)).toContain("Planning");
});

test("nobody else sees a person's calendar, its events or decisions, nor changes them", async () => {
  const { ada, work, rows } = await pages.personWith({ title: "Confidential" });
  await syncedCalendar(pages.prisma, ada, { url: "https://from.ada.example/a.ics" });
  const bob = await pages.signUp();
  const id = rows[0]?.id ?? "";
  for (const of of [id, "01a1fe0c-2539-7367-a031-c0502730b6e5", "not-an-id"]) {
    expect((await pages.get(`/calendar/events/${of}`, bob)).status).toBe(404);
  }
  for (const page of ["/calendar?view=agenda", "/calendar/connections", "/calendar/log"]) {
    expect(await pages.html(page, bob)).not.toMatch(/Confidential|from\.ada\.example/);
  }
  const refused = await pages.act("/calendar", { intent: "override", eventId: id, override: "always" }, bob);
  expect(refused.status).toBe(404);
  const asked = ["sync", "include", "disconnect"].map((intent) => ({ intent, id: work.id }));
  const changes: Record<string, string>[] = [
    ...asked,
    { intent: "change", id: work.id, name: "Mine", addresses: "" },
    { intent: "replace", id: work.id, url: "https://mine.example.com/a.ics" },
  ];
  for (const fields of changes) {
    expect([fields["intent"], (await pages.act("/calendar/connections", fields, bob)).status]).toEqual([
      fields["intent"],
      404,
    ]);
  }
  expect(await pages.prisma.calendar.findUniqueOrThrow({ where: { id: work.id } })).toMatchObject({ name: "Work" });
  expect(await pages.html("/calendar?view=agenda", ada)).toContain("Confidential");
});

test("the log tells decisions newest first, by pages", async () => {
  const { ada } = await pages.personWith(...Array.from({ length: 30 }, (_, index) => ({ title: `Event ${index}` })));
  await pages.recordAll(ada.userId);
  const first = await pages.html("/calendar/log", ada);
  const [next = ""] = /\?after=[0-9a-f-]+/.exec(first) ?? [];
  const second = await pages.html(`/calendar/log${next}`, ada);
  const titles = (text: string) => [...text.matchAll(/>(Event \d+)</g)].map(([, title]) => title);
  expect([titles(first).length, titles(second).length]).toEqual([25, 5]);
  expect(new Set([...titles(first), ...titles(second)]).size).toBe(30);
});

test("a calendar that fails is a notification that leads to its connection", async () => {
  const { ada, work } = await pages.personWith({ title: "Planning" });
  await work.fail("gone");
  const text = await pages.html("/notifications", ada);
  expect(text).toMatch(/href="\/calendar\/connections"[^>]*>The calendar “Work” cannot be read/);
});
