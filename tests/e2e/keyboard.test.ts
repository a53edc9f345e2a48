import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addFinished } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const sample = join(import.meta.dirname, "../fixtures/sample-recording.mp3");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

/** Presses Tab until what has the focus is called like this; fails when it cannot be reached. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press("Tab");
    const called = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return `${element?.getAttribute("aria-label") ?? ""} ${element?.labels?.[0]?.textContent ?? ""} ${element?.textContent ?? ""}`;
    });
    if (name.test(called)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

test("a file is uploaded without a pointer", async () => {
  const { page, context } = await pages.visitAsOwner();
  await page.goto("/");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
  await tabTo(page, /New recording/);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/recordings/new");
  // After a change of page the focus is at its beginning.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  // Asked for long before the key is pressed: the browser must know by then that its dialog is not to open.
  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, /Drop recordings here/);
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(sample);
  await tabTo(page, /Upload 1 file/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "sample-recording", level: 1 }).waitFor();
  await context.close();
});

test("the transcript is played, searched and ticked off without a pointer", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  const { page, context } = await pages.visitAsOwner();
  await page.goto(`/recordings/${id}`);
  const time = () => page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.currentTime);

  await tabTo(page, /^Position/);
  await page.keyboard.press("ArrowRight");
  await expect.poll(time).toBeGreaterThanOrEqual(1);
  await tabTo(page, /Play from 0:20/);
  await page.keyboard.press("Enter");
  await expect.poll(time).toBeGreaterThanOrEqual(20);

  await page.getByRole("searchbox", { name: "Search in the transcript" }).focus();
  await page.keyboard.type("IMPORT");
  await page.getByText("1 of 2").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("2 of 2").waitFor();
  expect(await page.locator("mark").allTextContents()).toEqual(["import", "import"]);

  await page.getByRole("checkbox", { name: "Fix the batch size of the import" }).focus();
  await page.keyboard.press("Space");
  await page.getByText("1 open").waitFor();
  await expect.poll(() => pages.deps.prisma.actionItem.count({ where: { doneAt: { not: null } } })).toBe(1);
  await context.close();
});

test("a button that sends a form still has the focus when the answer is there", async () => {
  const { page, context } = await pages.visitAsOwner("/calendar/connections");
  await page.getByLabel("Address in iCal format").fill("https://calendar.example.com/a.ics");
  const send = page.getByRole("button", { name: "Connect", exact: true });
  await send.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => pages.deps.prisma.calendar.count()).toBe(1);
  await expect.poll(() => page.getByLabel("Address in iCal format").inputValue()).toBe("");
  expect(await send.evaluate((button) => button === document.activeElement)).toBe(true);
  await context.close();
});
