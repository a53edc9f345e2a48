import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addFinished } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

test("case 24: a sentence gets its speaker and its words, two speakers become one, and everybody who watches sees it", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  const { page, context } = await pages.visitAsOwner(`/recordings/${id}`);
  const other = await pages.visitAsOwner(`/recordings/${id}`, { theme: "dark", width: 390 });
  await other.page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  const rows = page.getByRole("list", { name: "Transcript" }).getByRole("listitem");
  const first = await rows.first().innerText();
  expect(first).toContain("Ada Lindqvist");

  // By keyboard alone: the focus comes back to where it was.
  const button = rows.first().getByRole("button", { name: "Correct the sentence at 0:00" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Correct this sentence" });
  await dialog.waitFor();
  await page.screenshot({ path: join(folder, "correct-sentence-light-1280.png") });
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);

  await button.click();
  await dialog.getByRole("radio", { name: "Somebody else" }).check();
  await dialog.getByRole("checkbox", { name: "The next sentence too" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  /** Whose name stands over each row. */
  const names = async (each: Page) => {
    const texts = await each.getByRole("list", { name: "Transcript" }).getByRole("listitem").allInnerTexts();
    return texts.map((text) => /^(Speaker \d|Ada Lindqvist)/.exec(text)?.[0] ?? "").slice(0, 3);
  };
  for (const each of [page, other.page]) await expect.poll(() => names(each)).toEqual(["Speaker 4", "", "Speaker 2"]);

  await page.getByRole("button", { name: "Correct the sentence at 0:05" }).click();
  await dialog.getByRole("radio", { name: "Ada Lindqvist" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  const moved = ["Speaker 4", "Ada Lindqvist", "Speaker 2"];
  for (const each of [page, other.page]) await expect.poll(() => names(each)).toEqual(moved);
  // What the summary rests on is marked.
  await page.getByRole("button", { name: "Correct the sentence at 0:20" }).click();
  await dialog.getByLabel("Words").fill("Then let us agree: we launch on the fourth of December.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  for (const each of [page, other.page]) {
    await each.getByText("we launch on the fourth of December.").waitFor();
    await each.getByRole("button", { name: "Evidence at 0:20, corrected" }).first().waitFor();
  }

  await page.getByRole("button", { name: "Merge speakers" }).click();
  const merging = page.getByRole("dialog", { name: "Merge speakers" });
  await merging.getByLabel("All words of").selectOption("Speaker 4");
  await merging.getByLabel("Become those of").selectOption("Speaker 2");
  await page.screenshot({ path: join(folder, "merge-speakers-light-1280.png") });
  await merging.getByRole("button", { name: "Merge", exact: true }).click();
  await merging.waitFor({ state: "detached" });
  for (const each of [page, other.page]) {
    await expect.poll(() => names(each)).toEqual(["Speaker 2", "Ada Lindqvist", "Speaker 2"]);
  }

  // The way back stands there for everybody, also who comes later; by keyboard the focus stays in its place.
  const merged = "Speaker 4 was merged into Speaker 2.";
  for (const each of [page, other.page]) await each.getByRole("status").getByText(merged).waitFor();
  await other.page.screenshot({ path: join(folder, "merged-dark-390.png"), fullPage: true });
  await page.reload();
  const speakers = page.getByRole("region", { name: "Speakers" });
  const undo = speakers.getByRole("button", { name: "Undo" });
  await undo.waitFor();
  expect(
    await undo.evaluate(
      (button) => document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent,
    ),
  ).toBe(merged);
  await page.screenshot({ path: join(folder, "merged-light-1280.png"), fullPage: true });
  await page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  await undo.focus();
  await page.keyboard.press("Enter");
  for (const each of [page, other.page]) await expect.poll(() => names(each)).toEqual(moved);
  await speakers.getByRole("status").getByText("Speaker 4 and Speaker 2 are two speakers again.").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Speakers");
  for (const each of [page, other.page]) expect(await each.getByRole("button", { name: "Undo" }).count()).toBe(0);
  await page.screenshot({ path: join(folder, "unmerged-light-1280.png"), fullPage: true });

  await other.page.getByRole("button", { name: "Correct the sentence at 0:20" }).click();
  await other.page.getByRole("dialog").waitFor();
  await other.page.screenshot({ path: join(folder, "correct-sentence-dark-390.png") });
  await context.close();
  await other.context.close();
});
