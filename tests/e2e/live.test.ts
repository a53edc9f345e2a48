import { expect, test } from "vitest";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addFinished, addRunning, say } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

async function watchAsOwner(path: string) {
  const visited = await pages.visitAsOwner(path);
  await visited.page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  return visited;
}

test("C-1 C-60 C-61 C-63 words, progress and another person's rename arrive without a reload", async () => {
  const { prisma } = pages.deps;
  const { id, runId } = await addRunning(pages.deps, pages.owner);
  const { page, context } = await watchAsOwner(`/recordings/${id}`);
  await say(pages.deps, id, [["SPEAKER_02", "And <i>this</i> came while you looked."]]);
  await page.getByText("And <i>this</i> came while you looked.").waitFor();
  await prisma.$transaction((tx) =>
    applyRunEvent(tx, runId, { type: "progress", stage: "transcription", fraction: 0.9 }),
  );
  await expect
    .poll(() => page.getByRole("progressbar", { name: "Progress of the run" }).getAttribute("aria-valuetext"))
    .toBe("90 percent, Transcribe");

  const other = await watchAsOwner(`/recordings/${id}`);
  await other.page.getByRole("button", { name: "Rename Speaker 2" }).click();
  await other.page.getByLabel("Name of Speaker 2").fill("Grace");
  await other.page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Rename Grace" }).waitFor();
  await other.context.close();
  await context.close();
});

test("a list keeps its rows in place, patches them, and offers what is new", async () => {
  const { prisma } = pages.deps;
  const { runId } = await addRunning(pages.deps, pages.owner, "Watched in the list");
  const { page, context } = await watchAsOwner("/recordings");
  await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "completed" }));
  const row = page.getByRole("listitem").filter({ hasText: "Watched in the list" });
  await row.getByText("Ready").waitFor();
  await page
    .getByRole("link", { name: /^Notifications.* unread$/ })
    .first()
    .waitFor();
  await addFinished(pages.deps, pages.owner, "Came meanwhile");
  await page.getByRole("button", { name: /Show 1 new recording/ }).click();
  const list = page.getByRole("list", { name: "Recordings" });
  await list.getByRole("link", { name: "Came meanwhile" }).waitFor();
  expect(await list.getByRole("link").first().textContent()).toBe("Came meanwhile");
  await context.close();
});

test("C-62 a lost connection is told, and what was missed is there afterwards", async () => {
  const { id } = await addRunning(pages.deps, pages.owner, "Watched through a cut");
  const { page, context } = await watchAsOwner(`/recordings/${id}`);
  await context.setOffline(true);
  await page.locator("[data-state=reconnecting], [data-state=offline]").first().waitFor();
  await say(pages.deps, id, [["SPEAKER_01", "Nobody saw me arrive."]]);
  await context.setOffline(false);
  await page.getByText("Nobody saw me arrive.").waitFor();
  expect(await page.getByText("Nobody saw me arrive.").count()).toBe(1);
  await context.close();
});
