import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axeFindings, microphone, openBrowser, overflow, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const speech = join(import.meta.dirname, "../fixtures/two-cities.wav");

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser(microphone(speech));
});
afterAll(() => browser.close());

const captions = (page: Page) => page.getByRole("log", { name: "What has been said" });

test("A-86 A-104 A-105 A-106 A-107 A-108 A-112 A-116 A-117 A-120 from an agent with a plan to its next session", async () => {
  const convene = await sharedConvene("meeting");
  const { page, context, complaints } = await visit(browser, { url: convene.url });
  await context.grantPermissions(["microphone"]);
  await signIn(page, convene.owner);

  // An agent with two sessions.
  await page.getByRole("link", { name: "Agents", exact: true }).first().click();
  await page.getByRole("link", { name: "New agent" }).first().click();
  await page.getByLabel("Name").fill("Grace");
  await page.getByRole("button", { name: "Add a session" }).click();
  await page.getByLabel("Session 1", { exact: true }).fill("Goals");
  await page.getByRole("button", { name: "Add a goal" }).click();
  await page.getByRole("textbox", { name: "Goal 1" }).fill("What you want to reach this year");
  await page.getByRole("button", { name: "Add a session" }).click();
  await page.getByLabel("Session 2", { exact: true }).fill("Habits");
  await page.getByRole("button", { name: "Make the agent" }).click();

  // A meeting with it, now: its lobby opens at once.
  await page.getByRole("link", { name: "Start a meeting" }).click();
  await page.getByLabel("Name (optional)").fill("First talk");
  await page.getByRole("button", { name: "Make the meeting" }).click();
  await page.getByRole("heading", { name: "First talk", level: 1 }).waitFor();

  // The lobby, then the call.
  await page.getByLabel("I agree to be transcribed in this call").check();
  expect(await axeFindings(page)).toEqual([]);
  await page.getByRole("button", { name: "Join the call" }).click();
  await page.getByRole("button", { name: "Leave" }).waitFor();
  await captions(page).getByText("I am Grace", { exact: false }).waitFor({ timeout: 60_000 });

  // A typed turn, and a spoken one: the microphone reads from a book.
  await page.getByLabel("Type to the agent").fill("I want to finish my book about lighthouses before the summer.");
  await page.getByRole("button", { name: "Send" }).click();
  await captions(page).getByText("lighthouses", { exact: false }).first().waitFor();
  await captions(page)
    .getByText(/best of times|age of wisdom|spring of hope|winter of despair|direct to heaven/i)
    .first()
    .waitFor({ timeout: 120_000 });
  expect(await axeFindings(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);

  // Leaving shows the work at once, a reload the same view, and the result comes by itself.
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: /Working on your meeting|It is ready/ }).waitFor({ timeout: 5_000 });
  await page.waitForURL(/\/meetings\/[0-9a-f-]{36}$/, { timeout: 120_000 });
  await page.getByRole("heading", { name: "Summary" }).waitFor();
  const transcript = page.getByRole("list", { name: "Transcript" });
  expect(await transcript.textContent()).toMatch(/lighthouses/);
  expect(await transcript.textContent()).toMatch(/times|wisdom|hope|despair|heaven/i);
  await page
    .getByRole("button", { name: /^Evidence at/ })
    .first()
    .waitFor();
  expect(await axeFindings(page)).toEqual([]);

  // The next session of the plan stands there and in the list.
  await page.getByRole("link", { name: /Next session/ }).waitFor();
  await page.goto("/meetings");
  await page.getByRole("link", { name: "Habits" }).first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}, 400_000);
