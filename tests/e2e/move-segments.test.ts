import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addFinished } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

test("a sentence is given to who said it, with those after it or not, and everybody who watches sees it", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  const { page, context } = await pages.visitAsOwner(`/recordings/${id}`);
  const other = await pages.visitAsOwner(`/recordings/${id}`, { theme: "dark", width: 390 });
  await other.page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  const rows = page.getByRole("list", { name: "Transcript" }).getByRole("listitem");
  const first = await rows.first().innerText();
  expect(first).toContain("Ada Lindqvist");

  // By keyboard alone: the focus comes back to where it was.
  const button = rows.first().getByRole("button", { name: "Change the speaker at 0:00" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Who said this?" });
  await dialog.waitFor();
  await page.screenshot({ path: join(folder, "move-segments-light-1280.png") });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);

  await button.click();
  await dialog.getByRole("radio", { name: "Somebody else" }).check();
  await dialog.getByRole("checkbox", { name: "The next sentence too" }).check();
  await dialog.getByRole("button", { name: "Change the speaker" }).click();
  await dialog.waitFor({ state: "detached" });
  /** Whose name stands over each row. */
  const names = async (each: Page) => {
    const texts = await each.getByRole("list", { name: "Transcript" }).getByRole("listitem").allInnerTexts();
    return texts.map((text) => /^(Speaker \d|Ada Lindqvist)/.exec(text)?.[0] ?? "").slice(0, 3);
  };
  for (const each of [page, other.page]) await expect.poll(() => names(each)).toEqual(["Speaker 4", "", "Speaker 2"]);

  await page.getByRole("button", { name: "Change the speaker at 0:05" }).click();
  await dialog.getByRole("radio", { name: "Ada Lindqvist" }).check();
  await dialog.getByRole("button", { name: "Change the speaker" }).click();
  const moved = ["Speaker 4", "Ada Lindqvist", "Speaker 2"];
  for (const each of [page, other.page]) await expect.poll(() => names(each)).toEqual(moved);
  await other.page.getByRole("button", { name: "Change the speaker at 0:00" }).click();
  await other.page.getByRole("dialog").waitFor();
  await other.page.screenshot({ path: join(folder, "move-segments-dark-390.png") });
  await context.close();
  await other.context.close();
});
