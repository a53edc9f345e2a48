import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { reassignSegments } from "#records/conversations/reassign-segments.ts";
import { addFinished } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

const speakersOf = (page: Page) => page.getByRole("region", { name: "Speakers" });

async function merge(page: Page, name: string, into: string) {
  await page.getByRole("button", { name: "Merge speakers" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge speakers" });
  await dialog.getByLabel("All words of").selectOption(name);
  await dialog.getByLabel("Become those of").selectOption(into);
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

test("all speakers become one and are told apart again in any order; what went to others since is not, in words", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  const { page, context } = await pages.visitAsOwner(`/recordings/${id}`, { width: 390 });
  const other = await pages.visitAsOwner(`/recordings/${id}`, { theme: "dark" });
  for (const each of [page, other.page]) await each.locator("[data-state=live]").first().waitFor({ state: "attached" });
  const speakers = speakersOf(page);
  await merge(page, "Speaker 2", "Ada Lindqvist");
  await merge(page, "Speaker 3", "Ada Lindqvist");
  // There is nobody left to merge, so the button is gone, and the focus is not lost with it.
  await page.getByRole("button", { name: "Merge speakers" }).waitFor({ state: "detached" });
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Speakers");
  await page.getByText("Earlier merges").click();
  for (const each of [page, other.page]) {
    await speakersOf(each).getByRole("status").getByText("Speaker 3 was merged into Ada Lindqvist.").waitFor();
  }
  await other.page.getByText("Earlier merges").click();
  await speakers.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(folder, "merges-light-390.png") });
  await speakersOf(other.page).scrollIntoViewIfNeeded();
  await other.page.screenshot({ path: join(folder, "merges-dark-1280.png") });

  await speakers.getByRole("button", { name: "Undo" }).last().click();
  await speakers.getByText("Speaker 2 and Ada Lindqvist are two speakers again.").waitFor();
  for (const each of [page, other.page]) {
    await expect.poll(() => each.getByRole("button", { name: "Rename Speaker 2" }).count()).toBe(1);
    await each.getByText("Earlier merges").waitFor({ state: "detached" });
    expect(await each.getByRole("button", { name: "Rename Speaker 3" }).count()).toBe(0);
  }

  const { prisma } = pages.deps;
  const rows = await prisma.transcriptSegment.findMany({ where: { conversationId: id, speaker: "SPEAKER_03" } });
  const asked = { userId: pages.owner.userId, id, segmentIds: rows.map((row) => row.id), label: "SPEAKER_02" };
  await reassignSegments(prisma, asked);
  await speakers.getByRole("button", { name: "Undo" }).click();
  await speakers.getByRole("status").getByText("Nothing of this merge is left to undo").waitFor();
  expect(await speakers.getByText("are two speakers again").count()).toBe(0);
  await speakers.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(folder, "undo-refused-light-390.png") });
  await page.reload();
  await page.getByRole("button", { name: "Merge speakers" }).waitFor();
  expect(await page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  await context.close();
  await other.context.close();
});
