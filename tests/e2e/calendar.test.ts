import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startFeed } from "#tests/calendars/feed.ts";
import type { Feed } from "#tests/calendars/feed.ts";
import { openBrowser, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const link = "https://meet.google.com/abc-defg-hij";
const HOUR_MS = 3_600_000;
/** Noon of the day after tomorrow, in a zone that is far from the machine's. */
const zone = "Asia/Tokyo";
const noon = new Date(Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS + 51 * HOUR_MS);

/** A sync goes over workflow and child process, which on a busy machine take their time. */
const slow = { timeout: 120_000 };

let browser: Browser;
let feed: Feed;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  browser = await openBrowser();
});
afterAll(() => browser.close());
// A feed and an account for each try: what one has left behind, another does not meet.
beforeEach(async () => {
  feed = await startFeed();
  feed.state.events = [
    { uid: "weekly", title: "Weekly", at: noon, link, lines: ["RRULE:FREQ=DAILY;COUNT=2"] },
    { uid: "lunch", title: "Lunch", at: new Date(noon.getTime() + HOUR_MS) },
  ];
});
afterEach(() => feed[Symbol.asyncDispose]());

const cards = (page: Page, name: string) => page.getByRole("article", { name, exact: true });
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(folder, `calendar-journey-${name}.png`), fullPage: true });

test("B-45 B-46 B-47 a calendar is connected, rules are set, and every decision is seen as it changes", async () => {
  const convene = await sharedConvene("calendar");
  const { page, context, complaints } = await visit(browser, { url: convene.url, zone });
  await signIn(page, convene.owner);
  await page.getByRole("link", { name: "Calendar" }).first().click();
  await picture(page, "empty");
  await page.getByRole("link", { name: "Connect a calendar" }).click();
  await page.getByLabel("Address in iCal format").fill("ftp://nowhere");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("This is no address such as").waitFor();
  await page.getByLabel("Address in iCal format").fill(feed.url);
  await page.getByLabel("Name (optional)").fill("Work");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const calendar = page.getByRole("list", { name: "Calendars" }).getByRole("listitem");
  await calendar.getByText("Up to date").waitFor(slow);
  await calendar.getByText("3 upcoming events").waitFor();
  await picture(page, "connected");

  await page.getByRole("link", { name: "Calendar", exact: true }).last().click();
  await page.getByRole("link", { name: "Agenda" }).click();
  await page.getByText("Times in Asia/Tokyo").waitFor();
  await expect.poll(() => cards(page, "Weekly").count()).toBe(2);
  await cards(page, "Weekly").first().getByText("12:00 – 12:30").waitFor();
  await cards(page, "Weekly").first().getByText("joining meetings automatically is off").waitFor();
  await cards(page, "Weekly").first().getByRole("link", { name: "Join" }).waitFor();
  await cards(page, "Lunch").getByText("it holds no link of a meeting").waitFor();

  // Another tab sets the rules; this one is not touched.
  const rules = await context.newPage();
  await rules.goto("/calendar/rules");
  await expect.poll(() => rules.getByLabel("In the time zone").inputValue()).toBe(zone);
  await rules.getByLabel("Join my meetings automatically").check();
  await rules.getByRole("button", { name: "Save the rules" }).click();
  await rules.getByText("Saved. 2 events are decided otherwise now.").waitFor();
  await cards(page, "Weekly").first().getByText("Will be joined: your rules let it.").waitFor();
  expect(await cards(page, "Weekly").first().getByRole("link", { name: "Join" }).count()).toBe(0);

  await cards(page, "Weekly").first().getByRole("button", { name: "Joining Weekly" }).click();
  await page
    .getByRole("group", { name: "The whole series" })
    .getByRole("menuitemradio", { name: "Never join" })
    .click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/Joining Weekly/);
  await page.getByText("Never join, the whole series: decided otherwise for 2 events.").waitFor();
  expect(await cards(page, "Weekly").getByText("Will not be joined: you said so.").count()).toBe(2);
  await picture(page, "overridden");
  await page.getByRole("button", { name: "Undo" }).click();
  await cards(page, "Weekly").first().getByText("Will be joined: your rules let it.").waitFor();

  // A word to leave out, and a calendar that comes to hold it.
  await rules.getByLabel("Never where the title holds").fill("private");
  await rules.getByRole("button", { name: "Save the rules" }).click();
  await rules.getByText("Saved. No event is decided otherwise now.").waitFor();
  feed.state.events = [{ uid: "weekly", title: "Private talk", at: noon, link }];
  await rules.getByRole("link", { name: "Connections" }).click();
  await rules.getByRole("button", { name: "Sync now" }).click();
  await cards(page, "Private talk").getByText("Will not be joined: the title holds “private”.").waitFor(slow);
  expect(await cards(page, "Lunch").count()).toBe(0);

  await page.goto(`/calendar?view=week&from=${noon.toISOString().slice(0, 10)}`);
  await page
    .getByRole("region", { name: "Week" })
    .getByRole("button", { name: /Private talk/ })
    .click();
  await cards(page, "Private talk").waitFor();
  await picture(page, "week");
  await page.getByRole("dialog").getByRole("link", { name: "Private talk", exact: true }).click();
  await page.getByRole("heading", { name: "Private talk", level: 1 }).waitFor();
  await page.getByRole("list", { name: "Decisions" }).getByText("The calendar was read").first().waitFor();
  await picture(page, "details");

  await rules.getByRole("button", { name: "Disconnect Work" }).click();
  await rules.getByRole("button", { name: "Disconnect it" }).click();
  await rules.getByRole("list", { name: "Calendars" }).waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
  // The browser tells of answers that the pages themselves put into words: the form refused, the event gone.
  expect(complaints.filter((line) => !/status of 40[04]/.test(line))).toEqual([]);
  await context.close();
});

test("a feed that fails is told of on the page, with its reason, and found again by itself", async () => {
  const convene = await sharedConvene("calendar");
  const { page, context, complaints } = await visit(browser, { url: convene.url, width: 390, theme: "dark" });
  await signIn(page, convene.owner);
  feed.state.answer = (response) => response.writeHead(404).end();
  await page.goto("/calendar/connections");
  await page.getByLabel("Address in iCal format").fill(feed.url);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByText("Cannot be read").waitFor(slow);
  await page.getByText("There is no calendar at this address any more.").waitFor();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Calendar" }).click();
  await page.getByText("cannot be read").waitFor();
  await picture(page, "failing");
  await page.getByRole("link", { name: "Look at its connection" }).click();
  feed.state.answer = null;
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("Up to date").waitFor(slow);
  await context.close();
  expect(complaints).toEqual([]);
});
