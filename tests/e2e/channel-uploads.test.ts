import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { overflow } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
});
ownedPagesForEach((made) => (pages = made));

const file = (name: string, size: number) => ({ name, mimeType: "audio/mpeg", buffer: randomBytes(size) });

test("a channel of own files is added, and files put into it begin their jobs; what cannot be taken says why", async () => {
  const { page, context } = await pages.visitAsOwner("/podcasts/new");
  await page.getByText("Live", { exact: true }).first().waitFor();
  expect(await page.getByLabel("Title", { exact: true }).isVisible()).toBe(false);
  await page.getByLabel("Own uploads").check();
  expect(await page.getByLabel("Address of the feed").isVisible()).toBe(false);
  await page.screenshot({ path: join(folder, "podcast-new-uploads.png"), fullPage: true });
  await page.getByLabel("Title", { exact: true }).fill("Our talks");
  await page.getByLabel("I may republish what this channel holds").check();
  await page.getByRole("button", { name: "Add the channel" }).click();
  await page.getByRole("heading", { name: "Our talks", level: 1 }).waitFor();

  await page.getByRole("button", { name: "Add a video" }).click();
  const dialog = page.getByRole("dialog");
  await dialog
    .locator("input[type=file]")
    .setInputFiles([file("On silence.mp3", 4000), file("On noise.mp3", 5000), file("Empty.mp3", 0)]);
  await dialog.getByText("This file is empty.").waitFor();
  await dialog.getByLabel("Title of On noise.mp3").fill("On noises");
  await page.screenshot({ path: join(folder, "podcast-add-video.png") });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: join(folder, "podcast-add-video-390.png") });
  await dialog.getByRole("button", { name: "Upload 2 files" }).click();
  const active = page.getByRole("region", { name: "Active jobs" });
  await active.getByRole("link", { name: "On silence" }).waitFor();
  await active.getByRole("link", { name: "On noises" }).waitFor();
  await page.screenshot({ path: join(folder, "podcast-uploads-390.png"), fullPage: true });
  await context.close();
});
