import { copyFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { mediaKeys } from "#records/media/media-store.ts";
import { addChannel } from "#tests/web/podcast-fixtures.ts";
import { themes } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const sound = fileURLToPath(new URL("../fixtures/sample-recording.mp3", import.meta.url));

let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
});
ownedPagesForEach((made) => (pages = made));

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");
/** Presses a button as those do who have no pointer. */
async function press(button: Locator) {
  await button.focus();
  await button.press("Enter");
}

test("the focus stays where a button was pressed that goes away by what it does", async () => {
  const { prisma, media } = pages.deps;
  const channel = await addChannel(prisma, pages.owner, { title: "Harbour talks" });
  const job = await channel.queue("How pilots work");
  const copy = join(tmpdir(), `${job.videoId}.mp3`);
  await copyFile(sound, copy);
  await media.putFile(mediaKeys(job.videoId).original, copy);
  await job.completeJudged();
  const failed = await channel.queue("A failed talk");
  await failed.begin();
  await failed.fail("No answer came.");
  await channel.queue("A talk at work");
  await channel.find("An older talk");
  await channel.lookedAt();

  const { page, context, complaints } = await pages.visitAsOwner(channel.path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  await press(page.getByRole("button", { name: "Publish How pilots work" }));
  await expect.poll(() => focused(page)).toBe("Withdraw How pilots work");
  await page.keyboard.press("Enter");
  await press(page.getByRole("button", { name: "Withdraw it" }));
  await expect.poll(() => focused(page)).toBe("Publish again How pilots work");

  await press(page.getByRole("button", { name: "Pause" }));
  await expect.poll(() => focused(page)).toContain("Resume");
  // The live feed may tell of it before the answer is there, until when a press is in vain.
  await page.getByRole("button", { name: "Resume", disabled: false }).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toContain("Pause");
  await press(page.getByRole("button", { name: "Look now" }));
  await page.getByText("To be looked at in a moment").waitFor();
  expect(await focused(page)).toContain("Look now");

  await press(page.getByRole("button", { name: "Retry A failed talk" }));
  await expect.poll(() => focused(page)).toBe("All jobs");
  await press(page.getByRole("button", { name: "Make an episode of An older talk" }));
  await expect.poll(() => focused(page)).toMatch(/^Not begun/);
  await press(page.getByRole("button", { name: "Cancel the job of A talk at work" }));
  await press(page.getByRole("button", { name: "Cancel the job", exact: true }));
  await expect.poll(() => focused(page)).toBe("Active jobs");

  await page.getByRole("link", { name: "How pilots work", exact: true }).first().click();
  await page.getByRole("link", { name: "Summary and exports" }).waitFor();
  await press(page.getByRole("button", { name: "Publish again How pilots work" }));
  await expect.poll(() => focused(page)).toBe("Withdraw How pilots work");
  await page.getByRole("slider", { name: "Ends at" }).press("ArrowLeft");
  await press(page.getByRole("button", { name: "Make this cut" }));
  await page.getByRole("progressbar", { name: "Progress of the cut" }).waitFor();
  await expect.poll(() => focused(page)).toBe("Cut it otherwise");
  await context.close();
  expect(complaints).toEqual([]);
});

test("the focus is not taken from whoever has gone on when a button goes away", async () => {
  const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
  const job = await channel.queue("A talk at work");
  const { page, context } = await pages.visitAsOwner(channel.path);
  await page.getByText("Live", { exact: true }).first().waitFor();
  const cancel = page.getByRole("button", { name: "Cancel the job of A talk at work" });
  await cancel.focus();
  await cancel.evaluate((button) => button.blur());
  await job.begin();
  await job.complete();
  await cancel.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  await context.close();
});

test("a form that is refused has its first wrong field focused, with the reason it is described by", async () => {
  const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
  const { page, context } = await pages.visitAsOwner(channel.path);
  const told = () =>
    page.evaluate(() => {
      const field = document.activeElement;
      const reasons = field?.getAttribute("aria-describedby")?.split(" ") ?? [];
      return [
        field?.getAttribute("name"),
        field?.getAttribute("aria-invalid"),
        reasons.map((id) => document.getElementById(id)?.textContent).join(" "),
      ];
    });
  await press(page.getByRole("button", { name: "Bring them in" }));
  await expect.poll(told).toEqual(["since", "true", "Give a day that is past, such as 2024-01-31."]);
  // The same again: there is nothing new on the page, and it is said again.
  await press(page.getByRole("button", { name: "Bring them in" }));
  await expect.poll(told).toEqual(["since", "true", "Give a day that is past, such as 2024-01-31."]);

  await press(page.getByRole("button", { name: "Settings" }));
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Filters", { exact: true }).click();
  await dialog.getByLabel("Only the newest").fill("-3");
  await dialog.getByLabel("Title", { exact: true }).fill("");
  await press(dialog.getByRole("button", { name: "Save" }));
  await expect.poll(told).toEqual(["title", "true", "This must not be empty."]);
  await dialog.getByLabel("Title", { exact: true }).fill("Harbour talks");
  await press(dialog.getByRole("button", { name: "Save" }));
  await expect.poll(async () => (await told()).slice(0, 2)).toEqual(["keepLast", "true"]);

  // Of a form that takes the whole page along, too.
  await page.goto("/podcasts/new");
  await page.getByLabel("Address of the feed").fill("nonsense");
  await press(page.getByRole("button", { name: "Add the channel" }));
  await expect.poll(async () => (await told()).slice(0, 2)).toEqual(["url", "true"]);
  await context.close();
});

test("older videos are brought in above the list of those that are not begun", async () => {
  const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
  for (let number = 1; number <= 30; number += 1) await channel.find(`Talk ${number}`);
  const { page, context } = await pages.visitAsOwner(channel.path, { width: 390 });
  const topOf = (of: Locator) => of.evaluate((element) => element.getBoundingClientRect().top + window.scrollY);
  const [field, list] = [
    page.getByLabel("Bring in older videos since"),
    page.getByRole("heading", { name: "Not begun" }),
  ];
  expect(await topOf(field)).toBeLessThan(await topOf(list));
  const before = await topOf(field);
  await list.click();
  await page.getByRole("link", { name: "Talk 30" }).waitFor();
  expect(await topOf(field)).toBe(before);
  await context.close();
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`nothing that can be chosen in a channel's settings is clipped, ${theme}, ${width} px`, async () => {
      const channel = await addChannel(pages.deps.prisma, pages.owner, { title: "Harbour talks" });
      const { page, context, complaints } = await pages.visitAsOwner(channel.path, { theme, width });
      await page.getByRole("button", { name: "Settings" }).click();
      // Of the categories directories have the names.
      const selects = page.getByRole("dialog").locator("select:not([name=category])");
      await page.getByRole("dialog").getByLabel("Who can listen").scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(folder, `channel-settings-${theme}-${width}.png`) });
      // Room for the arrow besides.
      const clipped = await selects.evaluateAll((found) =>
        found.flatMap((each) => {
          const select = each as HTMLSelectElement;
          const style = getComputedStyle(select);
          const context = document.createElement("canvas").getContext("2d")!;
          context.font = style.font;
          const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 24;
          return [...select.options].map(({ text }) => text).filter((text) => context.measureText(text).width > room);
        }),
      );
      expect(await selects.count()).toBeGreaterThan(2);
      expect(clipped).toEqual([]);
      await context.close();
      expect(complaints).toEqual([]);
    });
  }
}
