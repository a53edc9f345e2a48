import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changePreferences } from "#records/calendars/changes.ts";
import { occurrence, openPolicy } from "#tests/calendars/calendar-fixtures.ts";
import { fullHour, invited, syncedCalendar } from "#tests/calendars/synced-calendar.ts";
import { axeFindings, isForAxe, overflow, settled, themes } from "./browser.ts";
import { openOwnedPages } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const widths = [390, 1280] as const;

let pages: OwnedPages;
let addresses: Record<string, string>;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  pages = await openOwnedPages();
  const { prisma } = pages.deps;
  const { owner } = pages;
  const work = await syncedCalendar(prisma, owner, { name: "Work" });
  const started = new Date(Date.now() - 600_000);
  const events = await work.list(
    [
      occurrence({
        uid: "u1",
        title: "Launch planning with Nordwind",
        startsAt: fullHour(0),
        organizer: "ada@example.com",
        attendees: [
          invited("ada@example.com"),
          invited("bo@nordwind.example", "tentative", "Bo Larsen"),
          invited("cy@nordwind.example", "needs_action"),
        ],
        description: "Agenda: https://docs.example.com/agenda?id=1.\nBring the figures <b>please</b>.",
        location: "Room 4",
      }),
      occurrence({
        title: "Daily",
        uid: "daily",
        originalStart: fullHour(0).toISOString(),
        startsAt: fullHour(0),
      }),
      occurrence({ uid: "one", title: "1:1 with Cy", startsAt: fullHour(1) }),
      occurrence({ uid: "going", title: "Going on", startsAt: started, endsAt: fullHour(2) }),
      occurrence({ uid: "over", title: "Over", startsAt: fullHour(-4) }),
      occurrence({ uid: "u3", title: "Was called off", startsAt: fullHour(20), isCancelled: true }),
      occurrence({ uid: "u4", title: "Perhaps", startsAt: fullHour(21), isTentative: true }),
      occurrence({ uid: "u5", title: "Lunch", startsAt: fullHour(22), meeting: null }),
      occurrence({
        uid: "u6",
        title: "Company day",
        startsAt: new Date(`${fullHour(48).toISOString().slice(0, 10)}T00:00:00Z`),
        endsAt: new Date(`${fullHour(72).toISOString().slice(0, 10)}T00:00:00Z`),
        isAllDay: true,
      }),
    ],
    [{ reason: "damaged", count: 2 }],
  );
  const home = await syncedCalendar(prisma, owner, { name: "Family", url: "https://home.example.com/x.ics" });
  await home.list([occurrence({ uid: "u7", title: "Call with grandma", startsAt: fullHour(3) })]);
  await home.fail("not_allowed");
  const rules = { auto_record_enabled: true, excluded_keywords: ["1:1"], quiet_hours: { from: "18:00", to: "08:00" } };
  await changePreferences(prisma, owner.userId, rules, openPolicy);
  const launch = events.find(({ title }) => title.startsWith("Launch"))!;
  addresses = {
    "calendar-agenda": "/calendar?view=agenda",
    "calendar-week": "/calendar?view=week",
    "calendar-quiet-week": "/calendar?from=2030-01-07",
    "calendar-event": `/calendar/events/${launch.id}`,
    "calendar-connections": "/calendar/connections",
    "calendar-rules": "/calendar/rules",
    "calendar-log": "/calendar/log",
    "calendar-notice": "/notifications",
  };
});
afterAll(() => pages[Symbol.asyncDispose]());

for (const theme of themes) {
  for (const width of widths) {
    test(`every page of the calendar is accessible and fits, ${theme}, ${width} px wide`, async () => {
      const { context, page, complaints } = await pages.visitAsOwner(undefined, { theme, width });
      const findings: string[] = [];
      for (const [name, path] of Object.entries(addresses)) {
        await page.goto(path);
        await settled(page);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        const found = isForAxe(theme, width) ? await axeFindings(page) : [];
        findings.push(...found.map((finding) => `${name}: ${finding}`));
        if ((await overflow(page)) > 0) findings.push(`${name}: wider than the window`);
      }
      await context.close();
      expect({ findings, complaints }).toEqual({ findings: [], complaints: [] });
    });
  }
}

test("every page of the calendar reflows at 320 px", async () => {
  const { context, page } = await pages.visitAsOwner(undefined, { width: 320 });
  const tooWide: string[] = [];
  for (const [name, path] of Object.entries(addresses)) {
    await page.goto(path);
    if ((await overflow(page)) > 0) tooWide.push(name);
  }
  await context.close();
  expect(tooWide).toEqual([]);
});

test("in the week's grid the title of a short event ends in dots, and is not cut through", async () => {
  const day = fullHour(0).toISOString().slice(0, 10);
  const { context, page } = await pages.visitAsOwner(`/calendar?view=week&from=${day}`, { zone: "UTC" });
  const block = page.getByRole("region", { name: "Week" }).getByRole("button", { name: /^Launch planning/ });
  const [needed, given] = await block.evaluate(
    ({ scrollHeight, clientHeight }) => [scrollHeight, clientHeight] as const,
  );
  await context.close();
  expect(needed).toBeLessThanOrEqual(given);
});

test("the view that a window's width chose is marked as the one that is shown", async () => {
  for (const [width, name] of [
    [390, "Agenda"],
    [1280, "Week"],
  ] as const) {
    const { context, page } = await pages.visitAsOwner("/calendar", { width });
    const marked = page.getByRole("list", { name: "Show as" }).locator("[aria-current]:visible");
    const words = await marked.allTextContents();
    await context.close();
    expect(words).toEqual([name]);
  }
});
