import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings, cookiesOf, isForAxe, overflow, settled, themes, visit } from "./browser.ts";
import { addFailed, addFinished, addRunning } from "./fixtures.ts";
import { addVisit } from "#tests/bot-visits/recorder-fixtures.ts";
import { openOwnedPages } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const widths = [390, 1280] as const;

let pages: OwnedPages;
/** Every page by the name of its picture; those of `strangers` are looked at without a session. */
let addresses: Record<string, string>;
const strangers = { "sign-in": "/sign-in", "sign-up": "/sign-up", "invite-ended": "/invite/unknown" };

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  pages = await openOwnedPages();
  const { owner } = pages;
  const finished = await addFinished(pages.deps, owner);
  const failed = await addFailed(pages.deps, owner);
  const running = await addRunning(pages.deps, owner);
  const past = (days: number) => new Date(Date.now() - days * 24 * 3_600_000);
  for (const days of [0.1, 1, 1, 2, 4, 4, 4, 5]) {
    const [finishedAt, joinedAt] = [past(days), past(days + 0.04)];
    const bot = { provider: "attendee", botId: String(days), botState: "ended", joinedAt, leftAt: finishedAt };
    await addVisit(
      pages.deps.prisma,
      owner,
      { ...bot, startsAt: past(days + 0.0401) },
      { status: "completed", finishedAt },
    );
  }
  const failure = { errorCode: "not_recorded", errorMessage: "", errorStage: "call", errorAttempt: 1 };
  await addVisit(pages.deps.prisma, owner, { botReason: "denied" }, { status: "failed", ...failure });
  addresses = {
    home: "/",
    recordings: "/recordings",
    "recordings-none-found": "/recordings?q=xyzzy",
    upload: "/recordings/new",
    "recording-running": `/recordings/${running.id}`,
    "recording-failed": `/recordings/${failed.id}`,
    "recording-finished": `/recordings/${finished.id}`,
    notifications: "/notifications",
    settings: "/settings",
    members: `/workspaces/${owner.workspaceId}`,
    bots: "/bots",
    stream: "/stream",
    accounts: "/accounts",
    "accounts-none-found": "/accounts?q=xyzzy",
    runs: "/runs",
    run: `/runs/${failed.runId}`,
    "not-found": "/nowhere",
  };
});

afterAll(() => pages[Symbol.asyncDispose]());

/** Waits for the waveform: its bars are all alike before its figures are there. */
const waveform = (page: Page) =>
  page.waitForFunction(() => {
    const heights = [...document.querySelectorAll("svg rect")].map((bar) => bar.getAttribute("height"));
    return new Set(heights).size > 1;
  });

for (const theme of themes) {
  for (const width of widths) {
    test(`every page is accessible and fits, ${theme}, ${width} px wide`, async () => {
      const { context, page, complaints } = await visit(pages.browser, { url: pages.url, theme, width });
      const findings: string[] = [];
      const look = async (name: string, path: string) => {
        await page.goto(path);
        await settled(page);
        if (name === "recording-finished") await waveform(page);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        const found = isForAxe(theme, width) ? await axeFindings(page) : [];
        findings.push(...found.map((finding) => `${name}: ${finding}`));
        if ((await overflow(page)) > 0) findings.push(`${name}: wider than the window`);
      };
      for (const [name, path] of Object.entries(strangers)) await look(name, path);
      await context.addCookies(cookiesOf(pages.owner.cookie, pages.url));
      for (const [name, path] of Object.entries(addresses)) await look(name, path);
      await context.close();
      // Pages that do not exist answer 404, which the browser's console reports.
      const unexpected = complaints.filter((line) => !/404 .*(nowhere|invite)/.test(line));
      expect({ findings, unexpected }).toEqual({ findings: [], unexpected: [] });
    });
  }
}

test("every page reflows at 320 px", async () => {
  const { context, page } = await pages.visitAsOwner(undefined, { width: 320 });
  const tooWide: string[] = [];
  for (const [name, path] of Object.entries(addresses)) {
    await page.goto(path);
    if ((await overflow(page)) > 0) tooWide.push(name);
  }
  await context.close();
  expect(tooWide).toEqual([]);
});
