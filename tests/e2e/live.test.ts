import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyRunEvent } from "#records/runs.ts";
import { cookiesOf, openBrowser, visit } from "./browser.ts";
import { addFinished, addRunning, say } from "./fixtures.ts";
import { startPages } from "./pages-server.ts";
import type { Pages } from "./pages-server.ts";

let pages: Pages;
let browser: Browser;
let owner: Awaited<ReturnType<Pages["signUp"]>>;
beforeAll(async () => {
  [pages, browser] = await Promise.all([startPages(), openBrowser()]);
  owner = await pages.signUp("ada@example.com");
});
afterAll(async () => {
  await browser.close();
  await pages[Symbol.asyncDispose]();
});

async function visitAsOwner(path: string) {
  const visited = await visit(browser, { url: pages.url });
  await visited.context.addCookies(cookiesOf(owner.cookie, pages.url));
  await visited.page.goto(path);
  await visited.page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  return visited;
}

test("words, progress and another person's rename arrive without a reload", async () => {
  const { prisma } = pages.deps;
  const { id, runId } = await addRunning(pages.deps, owner);
  const { page, context } = await visitAsOwner(`/recordings/${id}`);
  await say(pages.deps, id, [["SPEAKER_02", "And <i>this</i> came while you looked."]]);
  await page.getByText("And <i>this</i> came while you looked.").waitFor();
  await prisma.$transaction((tx) =>
    applyRunEvent(tx, runId, { type: "progress", stage: "transcription", fraction: 0.9 }),
  );
  await expect
    .poll(() => page.getByRole("progressbar", { name: "Progress of the run" }).getAttribute("aria-valuetext"))
    .toBe("90 percent, Transcribe");

  const other = await visitAsOwner(`/recordings/${id}`);
  await other.page.getByRole("button", { name: "Rename Speaker 2" }).click();
  await other.page.getByLabel("Name of Speaker 2").fill("Grace");
  await other.page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Rename Grace" }).waitFor();
  await other.context.close();
  await context.close();
});

test("a list keeps its rows in place, patches them, and offers what is new", async () => {
  const { prisma } = pages.deps;
  const { runId } = await addRunning(pages.deps, owner, "Watched in the list");
  const { page, context } = await visitAsOwner("/recordings");
  await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "completed" }));
  const row = page.getByRole("listitem").filter({ hasText: "Watched in the list" });
  await row.getByText("Ready").waitFor();
  await addFinished(pages.deps, owner, "Came meanwhile");
  await page.getByRole("button", { name: /Show 1 new recording/ }).click();
  await page.getByRole("link", { name: "Came meanwhile" }).waitFor();
  expect(await page.getByRole("list", { name: "Recordings" }).getByRole("link").first().textContent()).toBe(
    "Came meanwhile",
  );
  await context.close();
});

test("a lost connection is told, and what was missed is there afterwards", async () => {
  const { id } = await addRunning(pages.deps, owner, "Watched through a cut");
  const { page, context } = await visitAsOwner(`/recordings/${id}`);
  await context.setOffline(true);
  await page.locator("[data-state=reconnecting], [data-state=offline]").first().waitFor();
  await say(pages.deps, id, [["SPEAKER_01", "Nobody saw me arrive."]]);
  await context.setOffline(false);
  await page.getByText("Nobody saw me arrive.").waitFor();
  expect(await page.getByText("Nobody saw me arrive.").count()).toBe(1);
  await context.close();
});
