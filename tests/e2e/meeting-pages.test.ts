import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { guestToken } from "#web/calls/guest-link.ts";
import { axeFindings, isForAxe, overflow, settled, themes } from "./browser.ts";
import { openOwnedPages } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const widths = [390, 1280] as const;

let pages: OwnedPages;
/** A meeting at each point of its life, by the name of its picture. */
let addresses: Record<string, string>;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  pages = await openOwnedPages();
  const upcoming = await made("Upcoming");
  const active = await made("In the call");
  await active.begin();
  await active.say();
  const processing = await made("Being worked on");
  await processing.begin();
  await processing.end();
  const failed = await made("Failed");
  await failed.begin();
  await failed.say();
  await failed.end();
  await failed.fail("The language service did not answer.");
  const done = await made("Done");
  await done.begin();
  await done.say();
  await done.end();
  await done.complete();
  await done.planNext();
  const { CONVENE_SECRET } = pages.deps.env;
  const guest = (id: string) => `/join/${id}/${guestToken(CONVENE_SECRET, { id, guestLinkVersion: 1 })}`;
  addresses = {
    "meeting-upcoming": `/meetings/${upcoming.id}`,
    "meeting-lobby": `/meetings/${upcoming.id}/call`,
    "meeting-active": `/meetings/${active.id}`,
    "meeting-processing": `/meetings/${processing.id}/call`,
    "meeting-failed": `/meetings/${failed.id}`,
    "meeting-result": `/meetings/${done.id}`,
    "meeting-guest": guest(active.id),
    "meeting-thanks": guest(done.id),
  };
});
afterAll(() => pages[Symbol.asyncDispose]());

const made = (name: string) => addMeeting(pages.deps.prisma, pages.owner, { name });

for (const theme of themes) {
  for (const width of widths) {
    test(`every page of a meeting is accessible and fits, ${theme}, ${width} px wide`, async () => {
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

test("a meeting is followed live from its words to its next session, over a failure that is tried again (A-76 to A-86, A-109)", async () => {
  const meeting = await made("Followed");
  await meeting.begin();
  const { context, page, complaints } = await pages.visitAsOwner(`/meetings/${meeting.id}`);
  await settled(page);
  await meeting.say();
  await page.getByText("Half an hour every morning.").waitFor();
  await meeting.end();
  await page.locator("p", { hasText: "Preparing the conversation…" }).waitFor();
  await meeting.move({ type: "stage", stage: "summary" });
  await page.locator("p", { hasText: "Understanding the conversation…" }).waitFor();
  await meeting.fail("No answer.");
  await page.getByText("No answer.").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Working on your meeting" }).waitFor();
  await meeting.complete();
  await page.getByText("The result opens in a moment.").waitFor();
  const completedAt = Date.now();
  await page.getByRole("heading", { name: "Summary" }).waitFor();
  expect(Date.now() - completedAt).toBeGreaterThan(1_000);
  await meeting.planNext();
  await page.getByRole("link", { name: "Next session Making a plan" }).waitFor();
  await context.close();
  expect(complaints).toEqual([]);
});

for (const place of ["", "/call"]) {
  test(`weak point 20: without the feed the page asks by itself and comes to the result, from /meetings/:id${place}`, async () => {
    const meeting = await made("Asked for");
    await meeting.begin();
    await meeting.say();
    await meeting.end();
    const { context, page } = await pages.visitAsOwner();
    await context.routeWebSocket(/.*/, (socket) => void socket.close());
    await page.route("**/socket.io/**", (route) => route.abort());
    let asked = 0;
    page.on("request", (request) => (asked += Number(request.url().endsWith("/status"))));
    await page.goto(`/meetings/${meeting.id}${place}`);
    await page.waitForResponse(/\/status$/);
    await meeting.complete();
    await page.getByRole("heading", { name: "Summary" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/meetings/${meeting.id}`);
    const askedInAll = asked;
    // The longest wait between two questions is three seconds.
    await page.waitForTimeout(4_000);
    expect(asked).toBe(askedInAll);
    await context.close();
  });
}

test("the indicator counts what goes on as it begins and ends, and leads there by keys", async () => {
  const { context, page } = await pages.visitAsOwner("/settings");
  await settled(page);
  const indicator = page.getByRole("button", { name: /meetings? going on/ });
  const before = Number(/\d+/.exec((await indicator.getAttribute("aria-label")) ?? "")?.[0]);
  const meeting = await made("Counted");
  await meeting.begin();
  await page.getByRole("button", { name: `${before + 1} meetings going on` }).waitFor();
  await indicator.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /Counted/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Counted", level: 1 }).waitFor();
  await meeting.move({ type: "cancelled" });
  await page.getByRole("button", { name: `${before} meetings going on` }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/meetings/${meeting.id}`);
  await context.close();
});
