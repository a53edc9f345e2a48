import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { practiceCalls, practiceSeat } from "#tests/activities/calls/practice-setup.ts";
import { untilTold } from "#tests/web/practice/practice-setup.ts";
import { cookiesOf } from "./browser.ts";
import { addRunning, say } from "./fixtures.ts";
import { startPages } from "./pages-server.ts";

// A stock Firefox speaks WebDriver BiDi and not what the other tests drive Chromium by.
const executablePath = process.env["FIREFOX_PATH"] ?? "/usr/bin/firefox-esr";
const reason = existsSync(executablePath)
  ? ""
  : ` (left out: there is no ${executablePath}; apt-get install firefox-esr, or set FIREFOX_PATH)`;

describe.skipIf(reason !== "")(`Firefox${reason}`, () => {
  let pages: Awaited<ReturnType<typeof startPages>>;
  let owner: Awaited<ReturnType<typeof pages.signUp>>;
  let firefox: Browser;
  beforeAll(async () => {
    [pages, firefox] = await Promise.all([
      startPages(),
      puppeteer.launch({
        browser: "firefox",
        executablePath,
        extraPrefsFirefox: { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true },
      }),
    ]);
    owner = await pages.signUp("ada@example.com");
  });
  afterAll(async () => {
    await firefox?.close();
    await pages?.[Symbol.asyncDispose]();
  });

  /** A page of the owner's, with what Firefox complained of. */
  async function visit(path: string) {
    const context = await firefox.createBrowserContext();
    await context.setCookie(
      ...cookiesOf(owner.cookie, pages.url).map(({ name, value }) => ({ name, value, domain: "127.0.0.1", path: "/" })),
    );
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`${pages.url}${path}`);
    return { page, complaints, close: () => context.close() };
  }
  const press = (page: Page, words: string) => page.locator(`::-p-xpath(//button[contains(., "${words}")])`).click();
  const appears = (page: Page, words: string) =>
    page.waitForFunction((text) => document.body.textContent.includes(text), {}, words);

  test("C-54 words and progress of a recording arrive while its page is watched", async () => {
    const { id } = await addRunning(pages.deps, owner);
    const { page, complaints, close } = await visit(`/recordings/${id}`);
    await page.waitForSelector("[data-state=live]");
    await say(pages.deps, id, [["SPEAKER_02", "And this came while you looked."]]);
    await appears(page, "And this came while you looked.");
    expect(complaints).toEqual([]);
    await close();
  });

  test("C-54 a practice call is joined, talked in by typing, and left", async () => {
    const { prisma } = pages.deps;
    const { userId, workspaceId } = owner;
    const blueprint = { sessions: [{ session_name: "First", goals: ["Agree on a date", "Choose a place"] }] };
    const agent = { name: "Grace", instructions: "Be kind.", voice: "alloy", blueprint };
    const agentId = await createAgent(prisma, { userId, workspaceId, ...agent });
    const order = { name: "Planning the summer", prompt: "", scheduledAt: null, durationMinutes: 30 };
    const made = await createMeeting(prisma, { userId, workspaceId, agentId, ...order, provider: "practice" });
    if (!made.ok) throw new Error(made.reason);
    const { id } = made;
    await using calls = practiceCalls(pages.deps);
    const { page, complaints, close } = await visit(`/meetings/${id}/call`);
    await page.locator("input[name=consent]").click();
    await press(page, "Join the call");
    await page.waitForSelector('[role="log"]');
    await calls.connectAgent(practiceSeat(id, { agentName: "Grace" }));
    await appears(page, "Agree on a date.");
    await page.locator('input[placeholder="Type to the agent"]').fill("The second of May suits all of us best.");
    await page.keyboard.press("Enter");
    await appears(page, "Choose a place.");
    await press(page, "Leave");
    await appears(page, "Working on your meeting");
    await untilTold(pages.deps, id, "call.session_ended");
    expect(complaints).toEqual([]);
    await close();
  });
});
