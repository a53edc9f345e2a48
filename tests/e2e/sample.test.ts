import { join } from "node:path";
import { expect, test } from "vitest";
import { openBrowser, signIn, visit } from "./browser.ts";
import { sharedConvene } from "./shared-convene.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

test("the sample tells three voices apart, a decision, and three tasks with owner and day; beside it waits a call", async () => {
  const convene = await sharedConvene("sample");
  const browser = await openBrowser();
  const { page, context, complaints } = await visit(browser, { url: convene.url });
  await signIn(page, convene.owner);
  await page.getByRole("button", { name: "Try the sample recording" }).click();
  await page.getByRole("heading", { name: "Sample meeting", level: 1 }).waitFor();
  await page.getByRole("heading", { name: "Summary" }).waitFor({ timeout: 400_000 });
  await page.screenshot({ path: join(folder, "sample-light-1280.png"), fullPage: true });

  expect(await page.getByRole("button", { name: /^Rename Speaker/ }).count()).toBe(3);
  const decisions = page.getByRole("heading", { name: "Decisions" }).locator("xpath=following-sibling::ul");
  expect(await decisions.getByRole("listitem").allTextContents()).toEqual([
    expect.stringMatching(/fourteenth of March/),
  ]);
  const tasks = page.getByRole("region", { name: /^Action items/ }).getByRole("listitem");
  const told = await tasks.allTextContents();
  expect(told).toEqual([
    expect.stringMatching(/contract.*Speaker \d.*due/s),
    expect.stringMatching(/poster.*Speaker \d.*due/s),
    expect.stringMatching(/piano tuner.*Speaker \d.*due 10 Jan/s),
  ]);
  expect(await page.getByRole("list", { name: "Transcript" }).textContent()).toMatch(
    /on the internet.*or only at the door\?/,
  );

  await page.getByRole("button", { name: "Try a call" }).click();
  await page.waitForURL("**/meetings/*/call");
  await page.getByText("Interview coach").first().waitFor();
  await page.screenshot({ path: join(folder, "sample-call-light-1280.png") });
  expect(complaints).toEqual([]);
  await context.close();
  await browser.close();
}, 600_000);
